// Node gives every read of a socket an array of its own. Here all plain sockets read into one, which is possible since
// what reads it is done with it, or has copied it, before the next read: 256 MiB on loopback cost a third of the CPU
// time and half of the memory (bench/client.ts). Node takes such a buffer only when it makes a socket (`onread`), and
// `connect` has made it by then: so the connected handle moves to a new one, at no cost that could be measured.

import net from 'node:net'

/** Allocated with the first connection. As long as what Node reads at a time. */
let shared: Uint8Array | undefined

/**
 * Calls `arrived` with each read; false from it pauses. `lasting`: the bytes are the caller's to keep, not a view of the
 * shared buffer. The socket given back is the one to use from here on: where its handle cannot move (TLS) it is the same.
 */
export function readShared(socket: net.Socket, arrived: (bytes: Uint8Array, lasting: boolean) => boolean): net.Socket {
  const handle = movableHandle(socket)
  if (handle === undefined) {
    socket.on('data', (data: Buffer) => {
      // A plain view: what a Buffer calls slice() is no copy, which its readers would have to know.
      if (!arrived(new Uint8Array(data.buffer, data.byteOffset, data.length), true)) socket.pause()
    })
    return socket
  }
  const buffer = (shared ??= new Uint8Array(65536))
  const callback = (length: number): boolean => arrived(buffer.subarray(0, length), false)
  const moved = new net.Socket({
    handle,
    allowHalfOpen: true,
    onread: { buffer, callback },
  } as net.SocketConstructorOpts)
  return moved.resume()
}

interface WithHandle {
  _handle?: object | null
}

/** Taken from the socket, which is left without one: undefined where anything might be lost by that. */
function movableHandle(socket: net.Socket): object | undefined {
  const { _handle: handle } = socket as WithHandle
  if (!handle || 'encrypted' in socket || socket.readableLength > 0 || socket.readableEnded) return undefined
  Object.assign(socket, { _handle: null })
  return handle
}
