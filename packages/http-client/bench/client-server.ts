// A server that never sleeps, in a process of its own. To wake one, on another core of a virtual machine, costs the client's
// own core up to 10 µs at each connect, write and close; and only the slower contender gives it the time to fall asleep.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'

const BODY = 'hello, world\n'

/** As nginx writes it. */
const head = (connection: string): string =>
  'HTTP/1.1 200 OK\r\nServer: nginx/1.26.3\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\nContent-Type: text/html\r\n' +
  `Content-Length: ${BODY.length}\r\nLast-Modified: Mon, 23 Nov 2026 07:00:00 GMT\r\nConnection: ${connection}\r\n` +
  'ETag: "69233fb0-d"\r\nAccept-Ranges: bytes\r\n\r\n'

/** Answers each request for a page of 13 bytes; closes unless it is HTTP/1.1 without `Connection: close`. */
export async function startSleeplessServer(): Promise<Disposable & { readonly url: string }> {
  const server: ChildProcess = fork(import.meta.filename, ['serve'])
  const [port] = (await once(server, 'message')) as [number]
  return { url: `http://127.0.0.1:${port}/`, [Symbol.dispose]: () => server.disconnect() }
}

if (process.argv[2] === 'serve' && process.send) {
  const lasting = Buffer.from(head('keep-alive') + BODY)
  const last = Buffer.from(head('close') + BODY)
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    client.on('error', () => {}).on('end', () => client.end())
    // Each comes in one piece.
    client.on('data', (request: Buffer) => {
      const text = request.toString('latin1').toLowerCase()
      if (text.includes(' http/1.1\r\n') && !text.includes('\r\nconnection: close\r\n')) client.write(lasting)
      else client.end(last)
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 })
  await once(server, 'listening')
  const stayAwake = (): void => void setImmediate(stayAwake)
  stayAwake()
  process.once('disconnect', () => process.exit())
  process.send((server.address() as net.AddressInfo).port)
}
