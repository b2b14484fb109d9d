// The fast layer: a client as one object, and handlers declared once per server. No closure, promise or timer belongs to a
// single connection, and no byte is copied that need not be.

import type { Socket } from 'node:net'
import { quoted, type WireError } from '@plainwire/socket-utils/errors'
import type { Address, Arrival } from './arrival.ts'
import type { Closing, CloseReason } from './closing.ts'
import { milliseconds } from './deadlines.ts'
import type { Handlers } from './handlers.ts'
import { type ClockState, LinkClock } from './link-clock.ts'
import { LinkEnding } from './link-ending.ts'
import { isTlsFault, linkFailure } from './link-failure.ts'
import type { CloseLinkOptions, LinkRules } from './link-rules.ts'
import { Outbox } from './outbox.ts'
import { whenQuiet } from './quiet.ts'
import type { Session } from './sessions.ts'
import type { Timed } from './timer-queue.ts'
import { carrierOf, type Handshake } from './tls.ts'

/** After both are done with each other, a client has so long to finish its side. */
const LINGER_MS = 2000

type HandlerOf<Client> = ((link: Client, argument: unknown) => unknown) | undefined

const LINK = Symbol('link')
type LinkedSocket = Socket & { [LINK]: Link }

/** A client in the fast layer. What is read and written while it is `destroyed` goes nowhere, and nothing throws for it. */
export class Link<Context = unknown> implements Session, Timed, ClockState {
  /** Yours. Undefined until you set it. */
  declare context: Context
  /** What has come so far: bytes, and reads that brought them. */
  bytesRead = 0
  messages = 0
  /** What was given to `write`, sent or not. */
  bytesWritten = 0
  /** Of the timer queue. */
  due = Infinity
  place = -1
  #socket: Socket
  readonly #rules: LinkRules
  /** What was known of it before its first byte. */
  readonly arrival: Arrival
  #remote: Address | undefined
  #local: Address | undefined
  readonly #clock: LinkClock
  /** Somebody waits for what the client sends, as far as the handler knows. */
  #expectsBytes = true
  readonly #outbox = new Outbox()
  #inData = false
  #pausedByHandler = false
  #pausedByQueue = false
  /** A write was told that there is no room: whoever wrote waits for `drain`. */
  #owesDrain = false
  /** Calls of the `data` handler that gave a promise, and have not ended. */
  #working = 0
  #lingers = false
  #clientFinished = false
  #draining = false
  #served = false
  #isOver = false
  readonly #ending = new LinkEnding()

  /** `socket` must be connected, half-open and paused; the link owns it from here on. */
  constructor(socket: Socket, rules: LinkRules, arrival: Arrival) {
    this.#socket = socket
    this.#rules = rules
    this.arrival = arrival
    this.#clock = new LinkClock(arrival.acceptedAt)
    this.#remote = arrival.remote
    this.#local = arrival.local
    // Without it the second of two small writes may wait for 40 ms.
    socket.setNoDelay(true)
    if (rules.keepAliveMs < Infinity) socket.setKeepAlive(true, rules.keepAliveMs)
    this.#attach(socket)
    this.#reschedule(this.#clock.lastActive)
    this.#tell('open')
    if (this.#reading) socket.resume()
  }

  /** The client: as a trusted proxy tells, else as the kernel does. `0.0.0.0` port 0 if it was gone before it was asked. */
  get remote(): Address {
    if (this.#remote === undefined) {
      const { remoteAddress = '0.0.0.0', remotePort = 0 } = this.#socket
      this.#remote = { host: remoteAddress, port: remotePort }
    }
    return this.#remote
  }

  get local(): Address {
    if (this.#local === undefined) {
      const { localAddress = '0.0.0.0', localPort = 0 } = this.#socket
      this.#local = { host: localAddress, port: localPort }
    }
    return this.#local
  }

  /** Bytes written that the kernel has not taken. */
  get queuedBytes(): number {
    return this.#outbox.bytes + this.#socket.writableLength
  }

  /** What broke the connection, if anything did. */
  get failure(): WireError | undefined {
    return this.#ending.failure(this)
  }

  /** The server drains: this is the time to say goodbye. */
  get draining(): boolean {
    return this.#draining
  }

  /** Both directions are closed, and the descriptor is released. */
  get closed(): boolean {
    return this.#isOver
  }

  /** Nothing more can be sent or read. */
  get destroyed(): boolean {
    return this.#socket.destroyed
  }

  /**
   * Sends bytes, or text as UTF-8; they must not change until they are sent. False when the client does not take them as
   * fast as they come: `drain` tells when it has. On a link that is broken it does nothing. TypeError after `end`.
   */
  write(data: Uint8Array | string): boolean {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`write() takes bytes or text, got ${quoted(data)}`)
    return this.#send(bytes, false)
  }

  /**
   * As `write`, for bytes that nobody needs afterwards, such as those that came and are passed on. From 4 KiB on their memory
   * is free as soon as the kernel has them; left to the garbage collector it costs more than the sending. They may have
   * length 0 then, with every view of their buffer, and to forward them again is a TypeError. What another link was given,
   * too, is left alone; but nobody else may be reading them, such as a file's writer or another thread.
   */
  forward(bytes: Uint8Array): boolean {
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`forward() takes bytes, got ${quoted(bytes)}`)
    if (bytes.length === 0 && bytes.buffer instanceof ArrayBuffer && bytes.buffer.detached) {
      throw new TypeError('forward() of bytes that were forwarded already')
    }
    return this.#send(bytes, true)
  }

  #send(bytes: Uint8Array, isForwarded: boolean): boolean {
    if (this.#ending.hasFinished) throw new TypeError('write() after end()')
    const socket = this.#socket
    if (socket.destroyed) return false
    if (socket.writableLength > this.#rules.maxQueuedBytes) {
      this.cut('slow-reader')
      return false
    }
    this.bytesWritten += bytes.length
    const outbox = this.#outbox
    if (outbox.isEmpty && !this.#inData) process.nextTick(Link.#flushLater, this)
    if (outbox.add(bytes, isForwarded)) this.flush()
    if (this.#hasRoom) return true
    this.#owesDrain = true
    return false
  }

  /** Sends what was written now, rather than at the end of this turn of the loop: before work that takes its time. */
  flush(): void {
    const outbox = this.#outbox
    if (outbox.isEmpty) return
    const socket = this.#socket
    const wasBlocked = socket.writableLength > 0
    outbox.sendTo(socket)
    if (socket.writableLength > 0 && !wasBlocked) {
      this.#clock.blockedSince = performance.now()
      this.#reschedule(this.#clock.blockedSince)
    }
    if (!this.#hasRoom && this.#rules.handlers.drain === undefined) {
      this.#pausedByQueue = true
      socket.pause()
    }
  }

  /** Finishes our side after all that was written; reading goes on. */
  end(reason?: CloseReason): void {
    if (this.#ending.hasFinished) return
    this.#ending.finish(reason ?? (this.#clientFinished ? 'eof' : 'handler-done'))
    this.flush()
    this.#socket.end()
  }

  /**
   * Ends, then drops what the client still sends until it finishes too, for at most `lingerMs` (default 2000): closing with
   * bytes unread would make the kernel send a reset, which can overtake a reply.
   */
  close(options: CloseLinkOptions = {}): void {
    const { lingerMs = LINGER_MS } = options
    if (!(lingerMs >= 0)) throw new RangeError(`lingerMs must be 0 or more, got ${quoted(lingerMs)}`)
    this.end(options.reason)
    if (this.#lingers) return
    this.#lingers = true
    const now = performance.now()
    this.#clock.lingersUntil = now + lingerMs
    this.#reschedule(now)
    this.#socket.resume()
    if (this.#socket.writableFinished) this.#wasServed()
  }

  /** Closes at once; what was not sent yet is lost. */
  destroy(): void {
    this.cut(this.#ending.finishReason)
  }

  /**
   * Breaks off with a reset (RST), as a fault that a test server commits on purpose: the client gets no orderly end but
   * ECONNRESET, and may lose what it had not read yet. A Unix socket knows no reset: there, as `destroy`.
   */
  reset(): void {
    this.#abandon(this.#ending.finishReason, (socket) => {
      const carrier = carrierOf(socket)
      if (carrier.localAddress !== undefined) carrier.resetAndDestroy()
    })
  }

  /** Destroys, for a reason of the server's. */
  cut(reason: CloseReason): void {
    this.#abandon(reason)
  }

  #abandon(reason: CloseReason, before?: (socket: Socket) => void): void {
    const socket = this.#socket
    if (socket.destroyed) return
    this.#ending.abandon(reason)
    void this.remote // while it can still be asked
    before?.(socket)
    socket.destroy()
  }

  /** Reads no more for now, so that TCP slows the client down. */
  pause(): void {
    this.#pausedByHandler = true
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#pausedByHandler) return
    this.#pausedByHandler = false
    this.#clock.lastActive = performance.now()
    if (this.#reading) this.#socket.resume()
    if (this.#draining) this.#drainFurther()
  }

  /** Cut, with reason `deadline`, so many milliseconds from now, unless it is set anew; Infinity takes it away. */
  setDeadline(ms: number): void {
    const now = performance.now()
    this.#clock.deadlineAt = now + milliseconds('deadline', ms)
    this.#reschedule(now)
  }

  /** Whether silence is the client's, which it is not while a handler has something else to wait for. It begins anew. */
  expect(bytes: boolean): void {
    this.#expectsBytes = bytes
    if (bytes) this.#clock.lastActive = performance.now()
  }

  get awaitsClient(): boolean {
    return this.#expectsBytes && !this.#pausedByHandler
  }

  get blocked(): boolean {
    return this.#socket.writableLength > 0
  }

  /** As the server does it when it drains. */
  drain(): void {
    if (this.#draining || this.#lingers) return
    this.#draining = true
    if (this.#rules.handlers.shutdown) this.#tell('shutdown')
    else this.#drainFurther()
  }

  /**
   * Calls back once all that had reached this machine by now was handed over, and nothing has come since. A client that has
   * only just come, and has said nothing so far, has a second to do so.
   */
  whenQuiet(callback: () => void): void {
    whenQuiet(this, this.#rules.timers, callback)
  }

  /**
   * Puts another stream over the socket, as TLS does, once all that was written is with the kernel: `accept` gets the
   * socket, paused, with nobody reading from it. Rejects with `failure` if it comes to nothing.
   */
  async upgrade(accept: (socket: Socket, handshake: Handshake) => void): Promise<void> {
    const below = this.#socket
    this.flush()
    await new Promise<void>((resolve) => below.write(new Uint8Array(0), () => resolve()))
    if (below.destroyed) throw this.failure ?? linkFailure(this.remote, 'handler-done') // nothing would tell it any more
    below.pause()
    for (const [event, listener] of Link.#LISTENERS) if (event !== 'close') below.off(event, listener as () => void)
    below.on('error', () => {}) // what is above tells
    const ownDeadline = this.#clock.deadlineAt
    const now = performance.now()
    this.#clock.deadlineAt = Math.min(ownDeadline, now + this.#rules.deadlines.handshakeMs)
    this.#reschedule(now)
    const above = await new Promise<Socket | undefined>((resolve) => {
      below.once('close', () => resolve(undefined))
      accept(below, {
        done: (secured) => resolve(secured.pause()),
        failed: (error) => {
          this.#ending.causedBy(error)
          this.cut('tls-error')
          resolve(undefined)
        },
      })
    })
    if (above === undefined || below.destroyed) throw this.failure ?? linkFailure(this.remote, 'handler-done')
    this.#clock.deadlineAt = ownDeadline
    this.#socket = above
    this.#attach(above)
    if (this.#reading) above.resume()
  }

  /** The socket below, for what only it can tell, such as the TLS session. */
  get socket(): Socket {
    return this.#socket
  }

  /** The entry of the timer queue. */
  expire(now: number): void {
    const overdue = this.#clock.overdue(this.#rules.deadlines, this, now)
    if (overdue === undefined) this.#reschedule(now)
    else this.cut(overdue === 'linger' ? this.#ending.finishReason : overdue)
  }

  #reschedule(now: number): void {
    const due = this.#clock.due(this.#rules.deadlines, this)
    this.#rules.timers.schedule(this, Math.max(due, now))
  }

  /** What the kernel took at once does not count, however much it was. */
  get #hasRoom(): boolean {
    return this.#socket.writableLength < this.#socket.writableHighWaterMark
  }

  get #reading(): boolean {
    return !this.#pausedByHandler && !this.#pausedByQueue
  }

  #attach(socket: Socket): void {
    ;(socket as LinkedSocket)[LINK] = this
    for (const [event, listener] of Link.#LISTENERS) socket.on(event, listener as () => void)
  }

  /** The same functions for every socket; each finds its link on it. */
  static readonly #LISTENERS = Object.entries({
    data(this: LinkedSocket, bytes: Uint8Array) {
      this[LINK].#take(bytes)
    },
    end(this: LinkedSocket) {
      this[LINK].#finished()
    },
    drain(this: LinkedSocket) {
      this[LINK].#drained()
    },
    finish(this: LinkedSocket) {
      this[LINK].#sentAll()
    },
    error(this: LinkedSocket, error: Error) {
      this[LINK].#fail(error)
    },
    close(this: LinkedSocket) {
      this[LINK].#close()
    },
  })

  static readonly #flushLater = (link: Link<never>): void => {
    link.#clock.lastActive = performance.now()
    link.flush()
  }

  #take(bytes: Uint8Array): void {
    this.bytesRead += bytes.length
    if (this.#lingers) return
    this.messages += 1
    this.#clock.lastActive = performance.now()
    this.#inData = true
    this.#hand(bytes)
    this.#inData = false
    this.flush()
    if (this.#draining && this.messages === 1) this.#drainFurther()
  }

  #finished(): void {
    this.#clientFinished = true
    if (this.#lingers) return
    if (this.#rules.handlers.end) this.#tell('end')
    else if (this.#working === 0) this.close()
  }

  /** Our FIN is with the kernel. */
  #sentAll(): void {
    // After end() Node tells nobody that there is room.
    if (this.#owesDrain || this.#pausedByQueue) this.#drained()
    if (this.#lingers) this.#wasServed()
  }

  #drained(): void {
    this.#clock.lastActive = performance.now()
    this.#owesDrain = false
    if (this.#pausedByQueue) {
      this.#pausedByQueue = false
      if (this.#reading) this.#socket.resume()
    }
    this.#tell('drain')
    if (this.#draining) this.#drainFurther()
  }

  /** Where no handler says goodbye itself, the link is closed as soon as nothing is under way on it. */
  #drainFurther(): void {
    if (this.#rules.handlers.shutdown) return
    this.whenQuiet(() => {
      // With its replies not taken, or not made, what it sent is not read either: it goes on when they are.
      const isQuiet = this.#reading && this.#working === 0
      if (isQuiet && !this.#socket.destroyed) this.close({ reason: 'drain' })
    })
  }

  /** An async `data` handler has come to its end: what waited for its reply goes on. */
  #worked(): void {
    this.#working -= 1
    if (this.#working > 0) return
    if (this.#clientFinished && !this.#rules.handlers.end) this.close()
    else if (this.#draining) this.#drainFurther()
  }

  #fail(cause: Error): void {
    this.#ending.causedBy(cause)
    // Once our FIN is out, everything was said.
    if (!this.#socket.writableFinished) this.#ending.breakFor(isTlsFault(cause) ? 'tls-error' : 'reset')
    if (this.#rules.handlers.error) this.#tell('error', this.failure)
  }

  #close(): void {
    // TLS and the socket below it close one after the other.
    if (this.#isOver) return
    this.#isOver = true
    this.#rules.timers.cancel(this)
    const { reason } = this.#ending
    const { bytesRead, bytesWritten, messages } = this
    const durationMs = performance.now() - this.arrival.acceptedAt
    const closing: Closing = { reason, bytesRead, bytesWritten, messages, durationMs }
    this.#tell('close', closing)
    this.#wasServed()
    this.#rules.onClosed(this, closing)
  }

  #wasServed(): void {
    if (this.#served) return
    this.#served = true
    this.#rules.onServed(this)
  }

  /** As `#tell` does it; by name, since this is for every message. */
  #hand(bytes: Uint8Array): void {
    try {
      const result: unknown = this.#rules.handlers.data(this as Link as Link<never>, bytes)
      if (!(result instanceof Promise)) return
      this.#working += 1
      result.catch((error: unknown) => this.#fault(error)).finally(() => this.#worked())
    } catch (error) {
      this.#fault(error)
    }
  }

  #tell(event: keyof Handlers, argument?: unknown): void {
    const handlers = this.#rules.handlers as unknown as Record<string, HandlerOf<this>>
    try {
      const result = handlers[event]?.(this, argument)
      // An async function fits the type, and nobody else would look at what it rejects with.
      if (result instanceof Promise) result.catch((error: unknown) => this.#fault(error))
    } catch (error) {
      this.#fault(error)
    }
  }

  #fault(error: unknown): void {
    // A handler may let pass what broke the connection.
    if (this.#ending.isFailure(error)) return
    this.cut('handler-error')
    this.#rules.onFault(error, this)
  }
}
