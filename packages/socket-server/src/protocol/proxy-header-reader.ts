import { type ProtocolError, quoted } from '@plainwire/socket-utils/errors'
import { ByteQueue } from './byte-queue.ts'
import { proxyError } from './proxy-error.ts'
import type { EncodeProxyHeaderOptions, ProxyHeader } from './proxy-header.ts'
import { decodeLine, encodeLine, lineBytes } from './proxy-v1.ts'
import { decodeHeader, encodeHeader, headerBytes, PREFIX_BYTES, SIGNATURE } from './proxy-v2.ts'

/** What a proxy may make us hold. RangeError for a limit out of its range. */
export interface ProxyHeaderOptions {
  /** Longest header of version 2: what a proxy can make us hold. Bytes, 16 to 65551, default 4096. */
  readonly maxBytes?: number | undefined
}

type State =
  | { readonly name: 'signature' }
  | { readonly name: 'v1' }
  | { readonly name: 'v2'; readonly length: number }
  | { readonly name: 'read' }

const V1_START = new TextEncoder().encode('PROXY ')

/**
 * Reads the one header at the front of a connection, however the network cut it; wrong bytes are refused as soon as they
 * are there. A ProtocolError with a ProxyErrorCode means that the connection is of no use: what follows cannot be found.
 */
export class ProxyHeaderReader {
  readonly #queue = new ByteQueue()
  readonly #maxBytes: number
  #state: State = { name: 'signature' }
  #ended = false

  constructor(options: ProxyHeaderOptions = {}) {
    const { maxBytes = 4096 } = options
    if (!Number.isInteger(maxBytes) || maxBytes < PREFIX_BYTES || maxBytes > PREFIX_BYTES + 0xffff) {
      throw new RangeError(`maxBytes must be 16 to 65551, got ${quoted(maxBytes)}`)
    }
    this.#maxBytes = maxBytes
  }

  /** Keeps a view of `bytes` where it can: they must not be written to again. */
  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
  }

  /** The proxy has finished: if the header is not complete, `next` throws `proxy/truncated`. */
  end(): void {
    this.#ended = true
  }

  /** Bytes that were pushed and are not the header's: behind it the client's own begin. */
  get surplus(): Uint8Array {
    return this.#queue.rest()
  }

  /** The header, once; undefined until it is complete, and after it. */
  next(): ProxyHeader | undefined {
    for (;;) {
      const state = this.#state
      switch (state.name) {
        case 'signature': {
          const version = this.#version()
          if (version === undefined) return this.#waiting()
          this.#state = version === 1 ? { name: 'v1' } : { name: 'v2', length: headerBytes(this.#queue.rest()) }
          break
        }
        case 'v1': {
          const length = lineBytes(this.#queue.rest())
          if (length === undefined) return this.#waiting()
          const header = decodeLine(this.#queue.rest().subarray(0, length - 2))
          return this.#read(length, header)
        }
        case 'v2': {
          const { length } = state
          if (length > this.#maxBytes) {
            throw proxyError('proxy/too-long', `a header of ${length} bytes, and ${this.#maxBytes} are the most`)
          }
          if (this.#queue.length < length) return this.#waiting()
          const header = decodeHeader(this.#queue.rest().subarray(0, length))
          return this.#read(length, header)
        }
        case 'read':
          return undefined
      }
    }
  }

  /** Undefined until the bytes tell it; for version 2, until the 16 bytes are there that tell the length. */
  #version(): 1 | 2 | undefined {
    const bytes = this.#queue.rest()
    const start = bytes[0] === SIGNATURE[0] ? SIGNATURE : V1_START
    for (let index = Math.min(start.length, bytes.length) - 1; index >= 0; index--) {
      if (bytes[index] !== start[index]) throw noHeader(bytes)
    }
    if (start === V1_START) return bytes.length < V1_START.length ? undefined : 1
    return bytes.length < PREFIX_BYTES ? undefined : 2
  }

  #read(length: number, header: ProxyHeader): ProxyHeader {
    // Taken only now: a header that is refused is refused again by every further call.
    this.#queue.take(length)
    this.#state = { name: 'read' }
    return header
  }

  #waiting(): undefined {
    if (!this.#ended) return undefined
    throw proxyError('proxy/truncated', `the proxy finished ${this.#queue.length} bytes into its header`)
  }
}

/**
 * The bytes to send in front of a connection's own. Version 1 knows TCP over IPv4 and IPv6 and, without addresses, UNKNOWN:
 * TypeError for LOCAL, TLVs, a checksum or other addresses. TypeError for a host that is no numeric address of its family,
 * RangeError for a port or a length that does not fit.
 */
export function encodeProxyHeader(header: ProxyHeader, options: EncodeProxyHeaderOptions = {}): Uint8Array {
  return header.version === 1 ? encodeLine(header, options) : encodeHeader(header, options)
}

function noHeader(bytes: Uint8Array): ProtocolError {
  const seen = String.fromCharCode(...bytes.subarray(0, 16))
  return proxyError('proxy/no-header', `a connection that begins with ${quoted(seen)} has no PROXY header`)
}
