import { quoted } from '@plainwire/socket-utils/errors'
import { ByteQueue } from './byte-queue.ts'
import { loadError, type OnReply, type ReplyReader } from './reply.ts'

interface Head {
  readonly statusCode: number
  readonly persistent: boolean
}

type State =
  | { readonly name: 'head' }
  | { readonly name: 'content'; readonly head: Head; readonly missing: number }
  | { readonly name: 'chunk-size'; readonly head: Head }
  | { readonly name: 'chunk'; readonly head: Head; readonly missing: number }
  | { readonly name: 'trailers'; readonly head: Head }
  | { readonly name: 'until-end'; readonly head: Head }

const LF = 0x0a
const MAX_LINE_BYTES = 65536
const LATIN1 = new TextDecoder('latin1')

/** HTTP/1.x responses to GET, as far as their ends go (RFC 9112 §6). A client that people rely on is http-client. */
export class HttpReplyReader implements ReplyReader {
  readonly #queue = new ByteQueue()
  readonly #onReply: OnReply
  #state: State = { name: 'head' }
  #lines: string[] = []
  #scanned = 0

  constructor(onReply: OnReply) {
    this.#onReply = onReply
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    while (this.#step());
  }

  end(): void {
    const state = this.#state
    if (state.name === 'until-end') this.#reply(state.head)
    else if (state.name !== 'head' || this.#queue.length > 0) {
      throw loadError('load/truncated', `the server finished inside a response (${state.name})`)
    }
  }

  /** False when it takes more bytes to go on. */
  #step(): boolean {
    const state = this.#state
    switch (state.name) {
      case 'head': {
        const line = this.#line()
        if (line === undefined) return false
        if (line !== '') this.#lines.push(line)
        else this.#headIsThere()
        return true
      }
      case 'content':
        return this.#skip(state.missing, (missing) => {
          this.#state = { ...state, missing }
          if (missing === 0) this.#reply(state.head)
        })
      case 'chunk-size': {
        const line = this.#line()
        if (line === undefined) return false
        const size = /^[0-9A-Fa-f]{1,8}(?=$|[;\s])/.exec(line)?.[0]
        if (size === undefined) throw loadError('load/bad-reply', `bad chunk size ${quoted(line)}`)
        const bytes = Number.parseInt(size, 16)
        const { head } = state
        // With the CRLF behind it.
        this.#state = bytes === 0 ? { name: 'trailers', head } : { name: 'chunk', head, missing: bytes + 2 }
        return true
      }
      case 'chunk':
        return this.#skip(state.missing, (missing) => {
          this.#state = missing === 0 ? { name: 'chunk-size', head: state.head } : { ...state, missing }
        })
      case 'trailers': {
        const line = this.#line()
        if (line === '') this.#reply(state.head)
        return line !== undefined
      }
      case 'until-end':
        this.#queue.take(this.#queue.length)
        return false
    }
  }

  #headIsThere(): void {
    const lines = this.#lines
    this.#lines = []
    const statusCode = Number(/^HTTP\/1\.[01] ([1-9][0-9]{2})(?: |$)/.exec(lines[0] ?? '')?.[1])
    if (!(statusCode >= 100)) throw loadError('load/bad-reply', `no status line: ${quoted(lines[0] ?? '')}`)
    if (statusCode < 200) return
    const field = (name: string): string | undefined =>
      lines
        .find((line) => line.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim()
        .toLowerCase()
    const connection = field('connection') ?? ''
    const persistent = lines[0]?.startsWith('HTTP/1.0')
      ? connection.includes('keep-alive')
      : !connection.includes('close')
    const head = { statusCode, persistent }
    const contentLength = field('content-length')
    if (statusCode === 204 || statusCode === 304) this.#reply(head)
    else if (field('transfer-encoding')?.endsWith('chunked')) this.#state = { name: 'chunk-size', head }
    else if (contentLength === undefined) this.#state = { name: 'until-end', head: { ...head, persistent: false } }
    else if (!/^[0-9]{1,15}$/.test(contentLength)) {
      throw loadError('load/bad-reply', `bad Content-Length ${quoted(contentLength)}`)
    } else if (Number(contentLength) === 0) this.#reply(head)
    else this.#state = { name: 'content', head, missing: Number(contentLength) }
  }

  #reply(head: Head): void {
    this.#state = { name: 'head' }
    this.#onReply(head)
  }

  /** The next line without its ending, or undefined until it is there. */
  #line(): string | undefined {
    const lf = this.#queue.indexOf(LF, this.#scanned)
    this.#scanned = lf < 0 ? this.#queue.length : 0
    if ((lf < 0 ? this.#queue.length : lf) > MAX_LINE_BYTES) throw loadError('load/bad-reply', 'a line without end')
    if (lf < 0) return undefined
    return LATIN1.decode(this.#queue.take(lf + 1)).replace(/\r?\n$/, '')
  }

  /** Drops what is there of `missing` bytes; false if nothing was. */
  #skip(missing: number, then: (missing: number) => void): boolean {
    const taken = Math.min(missing, this.#queue.length)
    if (taken === 0) return false
    this.#queue.take(taken)
    then(missing - taken)
    return true
  }
}
