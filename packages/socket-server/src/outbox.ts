// What is written to one client in one turn of the loop, on its way to the socket in one piece; and the memory of what
// was forwarded, which is free again once the kernel has a copy.

import type { Socket } from 'node:net'

/** Replies are gathered until they are so many bytes; then they leave before the end of the turn. */
const GATHER_BYTES = 64 * 1024
/** Below it the garbage collector costs less than we would. */
const RELEASE_BYTES = 4096

/** Memory that some outbox has been given, and what of it more than once: somebody may still have that to send. */
const given = new WeakSet<ArrayBufferLike>()
const shared = new WeakSet<ArrayBufferLike>()

/** One for each link. */
export class Outbox {
  /** What is here and not with the socket yet. */
  bytes = 0
  #first: Uint8Array | undefined
  /** From the second piece on: all of them, the first included. */
  #pieces: Uint8Array[] | undefined
  #forwarded: Uint8Array[] | undefined

  get isEmpty(): boolean {
    return this.#first === undefined
  }

  /** True when it is time to send. */
  add(piece: Uint8Array, isForwarded: boolean): boolean {
    this.bytes += piece.length
    if (this.#first === undefined) this.#first = piece
    else if (this.#pieces === undefined) this.#pieces = [this.#first, piece]
    else this.#pieces.push(piece)
    const { buffer } = piece
    if (buffer.byteLength >= RELEASE_BYTES) {
      if (given.has(buffer)) shared.add(buffer)
      else given.add(buffer)
      if (isForwarded) (this.#forwarded ??= []).push(piece)
    }
    return this.bytes >= GATHER_BYTES
  }

  sendTo(socket: Socket): void {
    const data = this.#pieces ? Buffer.concat(this.#pieces, this.bytes) : this.#first
    const forwarded = this.#forwarded
    this.bytes = 0
    this.#first = undefined
    this.#pieces = undefined
    this.#forwarded = undefined
    if (data === undefined || socket.destroyed) return
    socket.write(data)
    // While anything of this client's waits, it may be these very bytes: the garbage collector has them then.
    if (forwarded !== undefined && socket.writableLength === 0) forwarded.forEach(release)
  }
}

/** Gives an array's memory back now. A collector of garbage waits for 64 MiB of such arrays, then looks through the whole heap. */
function release({ buffer, byteLength }: Uint8Array): void {
  const isWhole = buffer.byteLength === byteLength && byteLength > 0
  if (!isWhole || shared.has(buffer) || !(buffer instanceof ArrayBuffer) || buffer.resizable) return
  try {
    buffer.transfer(0)
  } catch {
    // A WebAssembly memory’s cannot be taken away.
  }
}
