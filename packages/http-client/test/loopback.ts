// A TCP server on 127.0.0.1 that does what a test says, and the same for one that speaks HTTP through serveHttp.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { serveHttp, type OriginConnection, type OriginHandler, type OriginOptions } from '@plainwire/http-client/origin'

export interface Loopback extends AsyncDisposable {
  readonly port: number
  /** `http://127.0.0.1:port/` */
  readonly url: string
  /** Resolves when no client is connected: a client that leaks its socket never lets it. */
  idle(): Promise<void>
}

/** Disposing of it waits for the clients to be gone. */
export async function listen(onConnection: (socket: Socket) => void): Promise<Loopback> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket)).on('error', () => {})
    onConnection(socket)
    // A client that has gone is noticed by reading alone.
    if (socket.readableFlowing === null) socket.resume()
    socket.once('end', () => socket.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  const { port } = address
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async idle() {
      for (const socket of open) await new Promise((resolve) => socket.once('close', resolve))
    },
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Waits for the end of a request head, then does as told. */
export function afterRequest(act: (socket: Socket, request: string) => void): (socket: Socket) => void {
  return (socket) => {
    let request = ''
    const gather = (bytes: Buffer): void => {
      request += bytes.toString('latin1')
      if (!request.includes('\r\n\r\n')) return
      socket.off('data', gather)
      act(socket, request)
      socket.resume()
    }
    socket.on('data', gather)
  }
}

/** Answers every request with these bytes and finishes. */
export function listenWith(answer: string): Promise<Loopback> {
  return listen(afterRequest((socket) => socket.end(answer, 'latin1')))
}

/** An origin on node's own sockets; what serveHttp throws goes to `onError`. */
export function listenHttp(
  handler: OriginHandler,
  options: OriginOptions = {},
  onError = (error: unknown): void => {
    throw error
  },
): Promise<Loopback> {
  return listen((socket) => {
    void serveHttp(connectionOf(socket), handler, options).catch(onError)
  })
}

export function connectionOf(socket: Socket): OriginConnection {
  return {
    [Symbol.asyncIterator]: () => socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>,
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    end: () => socket.end(),
  }
}
