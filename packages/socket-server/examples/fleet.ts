// Three backends behind HAProxy, rolled one after the other and then killed, under 500 requests a second. Nothing is lost.
// Takes the seconds that it lasts (20), and needs haproxy.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { generateLoad } from '@plainwire/socket-server/load'
import { freePort, waitForPort } from '@plainwire/socket-utils'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const durationMs = Number(process.argv[2] ?? 20) * 1000
const [front, ...ports] = [await freePort(), await freePort(), await freePort(), await freePort()]
const at = (port: number | undefined): string => `127.0.0.1:${port}`

async function startBackend(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path('fleet-backend.ts'), String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await waitForPort({ host: '127.0.0.1', port, timeoutMs: 30_000 })
  return child
}

const backends = await Promise.all(ports.map(startBackend))
const env = {
  ...process.env,
  FRONT: at(front),
  BACKEND_1: at(ports[0]),
  BACKEND_2: at(ports[1]),
  BACKEND_3: at(ports[2]),
}
const haproxy = spawn('haproxy', ['-db', '-f', path('../deploy/haproxy.cfg')], {
  env: { ...env, PATH: `${process.env['PATH']}:/usr/sbin` },
  stdio: ['ignore', 'ignore', 'ignore'],
})
try {
  const ended = once(haproxy, 'exit').then(([code]) => {
    throw new Error(`haproxy ended with ${code}: does deploy/haproxy.cfg suit it?`)
  })
  await Promise.race([waitForPort({ host: '127.0.0.1', port: front, timeoutMs: 30_000 }), ended])
  ended.catch(() => {}) // from here on it ends when it is told to
  const load = generateLoad(`http://${at(front)}/`, { connections: 32, rate: 500, durationMs })
  for (const [signal, what] of [
    ['SIGTERM', 'rolled'],
    ['SIGKILL', 'killed'],
  ] as const) {
    for (const [index, port] of ports.entries()) {
      await sleep(durationMs / 8)
      const old = backends[index] as ChildProcess
      const gone = once(old, 'exit')
      old.kill(signal)
      await gone
      backends[index] = await startBackend(port)
      console.log(`backend ${index + 1} was ${what}, and is back`)
    }
  }
  const { requests, replies, unsent, errors, latency, limitedBy } = await load
  console.log(`requests ${requests}, replies ${replies}, failed ${JSON.stringify(errors)}, not sent in time ${unsent}`)
  console.log(`latency p50 ${latency.p50} ms, p99 ${latency.p99} ms, max ${latency.max} ms; limited by ${limitedBy}`)
} finally {
  haproxy.kill()
  for (const backend of backends) backend.kill()
}
