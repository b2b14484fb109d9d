// node client-download-once.ts CONTENDER URL TIMES: downloads, counts, and prints what that took.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [name = '', url = '', times = '1'] = process.argv.slice(2)

const contenders: Readonly<Record<string, () => Promise<(count: (length: number) => void) => Promise<void>>>> = {
  async 'plainwire forEach'() {
    const { get } = await import('@plainwire/http-client')
    return async (count) => (await get(url)).body.forEach((piece) => count(piece.length))
  },
  async 'plainwire for await'() {
    const { get } = await import('@plainwire/http-client')
    return async (count) => {
      for await (const piece of (await get(url)).body) count(piece.length)
    }
  },
  async 'plainwire web stream'() {
    const { get } = await import('@plainwire/http-client')
    return async (count) => {
      for await (const piece of (await get(url)).stream()) count(piece.length)
    }
  },
  async 'node:net without a parser'() {
    const net = await import('node:net')
    const { hostname, port, pathname } = new URL(url)
    return (count) =>
      new Promise((resolve, reject) => {
        const socket = net.connect({ host: hostname, port: Number(port) })
        let head = true
        socket.on('data', (bytes: Buffer) => {
          count(head ? bytes.length - bytes.indexOf('\r\n\r\n') - 4 : bytes.length)
          head = false
        })
        socket.on('error', reject).on('close', () => resolve())
        socket.write(`GET ${pathname} HTTP/1.0\r\n\r\n`)
      })
  },
  async 'node:http'() {
    const http = await import('node:http')
    return (count) =>
      new Promise((resolve, reject) => {
        http
          .get(url, (response) => {
            response.on('data', (bytes: Buffer) => count(bytes.length)).on('end', resolve)
          })
          .on('error', reject)
      })
  },
  async undici() {
    const undici = createRequire(join(process.env['PLAINWIRE_HTTP_PEERS'] ?? '', 'x.js'))('undici') as {
      request(url: string): Promise<{
        body: AsyncIterable<Uint8Array> & {
          on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
          once(event: 'end', listener: () => void): unknown
        }
      }>
    }
    return async (count) => {
      const { body } = await undici.request(url)
      await new Promise<void>((resolve) => {
        body.on('data', (bytes) => count(bytes.length))
        body.once('end', resolve)
      })
    }
  },
  async fetch() {
    return async (count) => {
      for await (const piece of (await fetch(url)).body ?? []) count(piece.length)
    }
  },
}

const run = await contenders[name]?.()
if (!run) throw new Error(`no ${name}`)
let bytes = 0
const before = process.cpuUsage()
for (let time = 0; time < Number(times); time++) await run((length) => (bytes += length))
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ bytes, cpuMs: (user + system) / 1000, residentMb: mostResidentMb() }))
process.exit()

/** Linux counts in maxRSS what the parent had when it started us: its status file does not. */
function mostResidentMb(): number {
  try {
    return Number(/^VmHWM:\s+([0-9]+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
