// One client's byte stream as a handler sees it, over the fast layer. Nothing is read from the kernel before it is asked
// for, so a client that sends faster than the handler reads is slowed down by TCP itself.

import { ProtocolError, type WireError } from '@plainwire/socket-utils/errors'
import type { Address } from './arrival.ts'
import type { Handlers } from './handlers.ts'
import { Incoming } from './incoming.ts'
import type { Link } from './link.ts'
import { wholeNumber } from './options.ts'
import { FrameReader, type FrameOptions } from './protocol/frame-reader.ts'
import { framingError, type MessageReader } from './protocol/framing.ts'
import { LineReader, type LineOptions } from './protocol/line-reader.ts'
import type { ProxyHeader } from './protocol/proxy-header.ts'
import { type TlsAcceptor, tlsAcceptor, type TlsSession, tlsSession, type TlsSettings } from './tls.ts'
import { rejected, unawaited } from './unawaited.ts'

/** A ProtocolError’s code, from `startTls`: bytes that came before the handshake would be taken for protected ones. */
export type EarlyPlaintext = 'tls/early-plaintext'

/** Somebody who waits for the client to take what was written, or for its FIN to leave. */
interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * A connected client. Iterating gives its messages until it finishes; a message is what one read returned, and TCP keeps
 * no borders: two writes of the client may come as one message, one write as many. The client finishing (FIN) ends the
 * reading side alone, so a reply can still be written. When the handler is done, the server ends the connection.
 *
 * A reset by the peer is a NetworkError `connection-reset` from `read` and `write`; a connection destroyed on this side,
 * by the handler or by a deadline of the server, is `connection-closed`. When the server drains, a read that waits with
 * nothing under way gives undefined, as if the client had finished.
 */
export class Connection implements AsyncIterable<Uint8Array> {
  /** The client. `0.0.0.0` port 0 if it was gone before the kernel could be asked. */
  readonly remote: Address
  readonly #link: Link<Connection>
  readonly #incoming: Incoming
  /** Made when somebody asks: one for each connection would be a tenth of its memory. */
  #writers: Waiter[] | undefined
  #ending: Promise<void> | undefined
  #closed: PromiseWithResolvers<void> | undefined
  /** The reader in use keeps part of a message, or `read(bytes)` does. */
  #partOfMessage: (() => boolean) | undefined
  #drained = false

  /** `link` is new, and has Connection.handlers for its handlers. */
  constructor(link: Link<Connection>) {
    this.#link = link
    link.context = this
    this.#incoming = new Incoming(link as Link<never>)
    this.remote = link.remote
  }

  /** What the fast layer has to call for links whose `context` is a Connection; `opened` begins to serve one. */
  static handlers(opened: (connection: Connection, link: Link<Connection>) => void): Handlers<Connection> {
    return {
      open: (link) => opened(new Connection(link), link),
      data: (link, bytes) => link.context.#incoming.take(bytes),
      drain: (link) => link.context.#wakeWriters(),
      end: (link) => link.context.#incoming.finish(),
      shutdown: (link) => link.context.#endWhenIdle(),
      error: (link) => link.context.#fail(),
      close: (link) => link.context.#close(),
    }
  }

  /** Our own end: asked of the kernel when first read, and then as `remote` if the connection is gone. */
  get local(): Address {
    return this.#link.local
  }

  /** Resolves when both directions are closed and the descriptor is released. */
  get closed(): Promise<void> {
    this.#closed ??= Promise.withResolvers()
    if (this.#link.closed) this.#closed.resolve()
    return this.#closed.promise
  }

  /** What has come, one message that waits to be read included. */
  get bytesRead(): number {
    return this.#link.bytesRead
  }

  /** What was given to `write`, sent or not. */
  get bytesWritten(): number {
    return this.#link.bytesWritten
  }

  /** What broke the connection, if anything did: the very error that `read` and `write` reject with. */
  get failure(): WireError | undefined {
    return this.#link.failure
  }

  /** The server is closing: this is the time to say goodbye, where the protocol has a word for it. */
  get draining(): boolean {
    return this.#link.draining
  }

  /**
   * The next message, or undefined once the client has finished; with `bytes`, exactly so many, and a client that
   * finishes in their midst is ProtocolError `framing/truncated`. One read at a time; a second is a TypeError.
   */
  read(bytes?: number): Promise<Uint8Array | undefined> {
    if (bytes !== undefined) return unawaited(this.#readExactly(wholeNumber('bytes', bytes, 0, 0x7fff_ffff)))
    return this.#asked(this.#incoming.read())
  }

  /** By hand, and without a closure: either would stay with every connection that waits. */
  static readonly #Messages = class implements AsyncIterator<Uint8Array, undefined> {
    readonly of: Connection

    constructor(connection: Connection) {
      this.of = connection
    }

    next(): Promise<IteratorResult<Uint8Array, undefined>> {
      return this.of.#asked(this.of.#incoming.next())
    }
  }

  #asked<T>(message: T): T {
    if (this.draining) this.#endWhenIdle()
    return message
  }

  /** Leaving the loop early leaves the connection open: the handler may still read and write. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return new Connection.#Messages(this)
  }

  /**
   * Lines as text (UTF-8, anything else becomes U+FFFD), without their endings. ProtocolError with a FramingErrorCode for
   * a line that is too long. What the loop leaves behind is read by the next read.
   */
  lines(options: LineOptions = {}): AsyncIterableIterator<string> {
    return this.#iterate(new LineReader(options), (line) => decoder.decode(line))
  }

  /** Frames, each behind its length, as `encodeFrame` makes them. Otherwise as `lines`. */
  frames(options: FrameOptions): AsyncIterableIterator<Uint8Array> {
    return this.messages(new FrameReader(options))
  }

  /** Whatever a reader makes of the bytes: lines as bytes, or a framing of your own. */
  messages(reader: MessageReader): AsyncIterableIterator<Uint8Array> {
    return this.#iterate(reader, (message) => message)
  }

  /**
   * Sends bytes, or text as UTF-8; all that is written in one turn leaves in one piece. Resolves when there is room for
   * more: a handler that awaits it holds no more than 64 KB and what it wrote last, however slowly the client reads. A
   * rejection that nobody awaits is not an unhandled one.
   */
  write(data: Uint8Array | string): Promise<void> {
    const link = this.#link
    if (link.destroyed) return rejected(this.failure ?? new TypeError('write() after end()'))
    try {
      if (link.write(data)) return ROOM
    } catch (error) {
      return rejected(error)
    }
    return this.#waitForClient()
  }

  /**
   * As `write`, for bytes that nobody needs afterwards, such as those that came and are passed on. From 4 KiB on their memory
   * is free as soon as the kernel has them; left to the garbage collector it costs more than the sending. They may have
   * length 0 then, with every view of their buffer, and to forward them again is a TypeError. What another connection was
   * given, too, is left alone; but nobody else may be reading them, such as a file's writer or another thread.
   */
  forward(bytes: Uint8Array): Promise<void> {
    const link = this.#link
    if (link.destroyed) return rejected(this.failure ?? new TypeError('write() after end()'))
    try {
      if (link.forward(bytes)) return ROOM
    } catch (error) {
      return rejected(error)
    }
    return this.#waitForClient()
  }

  /** Sends what was written now, rather than at the end of this turn: before work that awaits nothing, or process.exit. */
  flush(): void {
    this.#link.flush()
  }

  /** Finishes the sending side after all that was written; reading goes on. Resolves when the FIN is with the kernel. */
  end(): Promise<void> {
    if (this.#ending) return this.#ending
    const link = this.#link
    if (link.socket.writableFinished) return (this.#ending = ROOM)
    if (link.destroyed) return (this.#ending = rejected(this.failure))
    this.#ending = new Promise((resolve, reject) => {
      link.socket.once('finish', resolve)
      void this.closed.then(() => reject(this.failure))
    })
    link.end()
    return unawaited(this.#ending)
  }

  /**
   * Ends, then drops what the client still sends until it finishes too, for at most `lingerMs` (default 2000): closing with
   * bytes unread would make the kernel send a reset, which can overtake a reply. Never rejects.
   */
  close(options: { readonly lingerMs?: number | undefined } = {}): Promise<void> {
    this.#incoming.discard()
    this.#link.close({ reason: this.#drained ? 'drain' : undefined, lingerMs: options.lingerMs })
    return this.closed
  }

  /** Closes at once; what was not sent yet is lost. A read or write that waits rejects with `connection-closed`. */
  destroy(): void {
    this.#link.destroy()
    if (this.failure) this.#fail()
  }

  /**
   * Breaks off with a reset (RST), as a fault that a test server commits on purpose: the client gets no orderly end but
   * ECONNRESET, and may lose what it had not read yet. A Unix socket knows no reset: there, as `destroy`.
   */
  reset(): void {
    this.#link.reset()
  }

  /** What a trusted proxy told of this connection, with the TLVs behind it. */
  get proxy(): ProxyHeader | undefined {
    return this.#link.arrival.proxy
  }

  /** What was agreed on, if the connection is inside TLS. */
  get tls(): TlsSession | undefined {
    return tlsSession(this.#link.socket)
  }

  /**
   * Goes on inside TLS, as after STARTTLS: the client's next bytes must be its handshake. Bytes that it sent already, and
   * that would be taken for protected ones, are a ProtocolError `tls/early-plaintext`. NetworkError `tls-failed` where the
   * handshake fails.
   */
  async startTls(tls: TlsSettings | TlsAcceptor): Promise<TlsSession> {
    const acceptor = tlsAcceptor(tls)
    if (this.#incoming.isHeld || this.#partOfMessage?.() === true) {
      this.#link.cut('tls-error')
      const text = 'the client sent plain text behind its request for TLS'
      throw new ProtocolError<EarlyPlaintext>('tls/early-plaintext', text)
    }
    this.#link.pause()
    await this.#link.upgrade((socket, handshake) => acceptor.accept(socket, handshake))
    return this.tls as TlsSession
  }

  /** Cut, so many milliseconds from now, unless it is set anew; Infinity takes it away. */
  setDeadline(ms: number): void {
    this.#link.setDeadline(ms)
  }

  async #readExactly(bytes: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = []
    let missing = bytes
    this.#partOfMessage = () => missing < bytes
    try {
      while (missing > 0) {
        const part = await this.read()
        if (part === undefined) {
          if (missing === bytes) return undefined
          throw framingError('framing/truncated', `the peer finished after ${bytes - missing} of ${bytes} bytes`)
        }
        parts.push(part.subarray(0, missing))
        this.#incoming.putBack(part.subarray(missing))
        missing -= Math.min(part.length, missing)
      }
    } finally {
      this.#partOfMessage = undefined
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts)
  }

  #iterate<T>(reader: MessageReader, convert: (message: Uint8Array) => T): AsyncIterableIterator<T> {
    const part = (): boolean => reader.surplus.length > 0
    const next = async (): Promise<IteratorResult<T, undefined>> => {
      this.#partOfMessage = part
      for (let ended = false; ;) {
        const message = reader.next()
        if (message !== undefined) return { done: false, value: convert(message) }
        if (ended) return { done: true, value: undefined }
        const bytes = await this.read()
        if (bytes) reader.push(bytes)
        else reader.end()
        ended = bytes === undefined
      }
    }
    return {
      next,
      return: async () => {
        this.#partOfMessage = undefined
        this.#incoming.putBack(reader.surplus)
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  #fail(): void {
    this.#incoming.fail()
    for (const { reject } of this.#writers?.splice(0) ?? []) reject(this.failure)
  }

  #close(): void {
    if (this.failure) this.#fail()
    this.#wakeWriters()
    this.#closed?.resolve()
  }

  #wakeWriters(): void {
    for (const { resolve } of this.#writers?.splice(0) ?? []) resolve()
  }

  #waitForClient(): Promise<void> {
    const writers = (this.#writers ??= [])
    return unawaited(new Promise((resolve, reject) => writers.push({ resolve, reject })))
  }

  /** The server drains: the client is told that nothing more is read, if it has sent nothing that awaits its answer. */
  #endWhenIdle(): void {
    const idle = (): boolean => this.#incoming.isAwaited && this.#partOfMessage?.() !== true
    if (!idle()) return
    this.#link.whenQuiet(() => {
      if (!idle()) return
      this.#drained = true
      this.#incoming.finish()
    })
  }
}

const decoder = new TextDecoder()

/** There is nothing to wait for. */
const ROOM = Promise.resolve()
