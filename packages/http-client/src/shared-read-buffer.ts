// Node gives every read of a socket an array of its own. Here all plain sockets read into one, which is possible since
// what a read brought is used up, or copied, before the next: 256 MiB on loopback cost 127 ms of CPU and 55 MB of memory
// instead of 219 ms and 128 MB (bench/client.ts). Sockets that decipher (TLS) cannot, and give arrays of their own.

import type { OnReadOpts, Socket } from 'node:net'

/** Takes what was read. `lasting`: the bytes stay as they are; else they are gone after the call. False: no more for now. */
export type Arrival = (bytes: Uint8Array, lasting: boolean) => boolean

/** Allocated with the first connection. Node itself reads 64 KiB at a time; four calls of the system for each MiB cost a quarter more. */
let shared: Uint8Array | undefined

/** Of the room that small copies share: an array of its own for each would cost three times as much, and the collector too. */
const ROOM = 65536
const SMALL = 4096
let room = new Uint8Array(0)
let taken = 0

/** Of what was read into a buffer that the next read overwrites. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length > SMALL) return new Uint8Array(bytes)
  if (taken + length > room.length) {
    room = new Uint8Array(ROOM)
    taken = 0
  }
  const copy = new Uint8Array(room.buffer, taken, length)
  taken += length
  copy.set(bytes)
  return copy
}

/** The receiving end of one socket, which is there before the connection is: a server may be the first to speak. */
export class Inlet {
  readonly #buffer = (shared ??= new Uint8Array(1 << 20))
  readonly #early: Uint8Array[] = []
  #arrived: Arrival = (bytes) => {
    this.#early.push(bytes.slice())
    return false
  }

  /** For `connect`. */
  readonly onread: OnReadOpts = {
    buffer: this.#buffer,
    callback: (length) => this.#arrived(this.#buffer.subarray(0, length), false),
  }

  /** From here on `arrived` is told, of what came before, too. */
  open(socket: Socket, arrived: Arrival): void {
    this.#arrived = arrived
    if (this.#early.length === 0) return
    for (const bytes of this.#early) arrived(bytes, true)
    socket.resume()
  }
}

/** For a socket that reads as Node's do by default. Gives what ends it. */
export function openPlainly(socket: Socket, arrived: Arrival): () => void {
  const onData = (data: Buffer): void => {
    // A plain view: what a Buffer calls slice() is no copy, which its readers would have to know.
    if (!arrived(new Uint8Array(data.buffer, data.byteOffset, data.length), true)) socket.pause()
  }
  socket.on('data', onData)
  return () => void socket.off('data', onData)
}
