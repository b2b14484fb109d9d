// A server that reads the PROXY header of each connection, with nothing of this package but the reader, and answers with
// what it read.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { type ProxyHeader, ProxyHeaderReader } from '../../src/proxy-header.ts'

export interface Captured {
  readonly header: ProxyHeader
  /** The bytes of the header in hexadecimal, as they came. */
  readonly wire: string
}

/** Its replies are a Captured as JSON. */
export async function captureHeaders(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    const reader = new ProxyHeaderReader()
    const received: Buffer[] = []
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes)
      reader.push(bytes)
      const header = reader.next()
      if (!header) return
      const all = Buffer.concat(received)
      const wire = all.subarray(0, all.length - reader.surplus.length).toString('hex')
      socket.end(JSON.stringify({ header, wire } satisfies Captured))
    })
    socket.on('error', () => {}) // a proxy that only looks whether somebody listens
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
