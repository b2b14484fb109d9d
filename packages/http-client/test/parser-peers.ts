// Other people's HTTP/1 parsers behind one shape, for the differential run and for the bench. Each makes the same
// strings and views: start line, name and value of every field, every piece of content, the trailers.

import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Told of one message after the other. */
export interface MessageSink {
  /** Status code and reason phrase, or method and target; `field` is called for each line after it. */
  head(version: string, first: number | string, second: string): void
  field(name: string, value: string): void
  content(bytes: Uint8Array): void
  /** The same without a view of it. */
  contentRange?(start: number, end: number): void
  trailer(name: string, value: string): void
  end(): void
}

export type MessageKind = 'request' | 'response'

/** Reads one connection. Throws where the peer refuses. */
export interface PeerConnection {
  push(bytes: Buffer): void
  end(): void
  /** Not to be used again; also after a refusal. */
  close(): void
}

export interface ParserPeer {
  readonly name: string
  connect(kind: MessageKind, sink: MessageSink): PeerConnection
}

/** What `npm install --prefix DIRECTORY` needs for the peers that Node does not bring along. */
export const PEER_PACKAGES: readonly string[] = ['http-parser-js@0.5.10', 'undici@8.12.4']

/** Node's own llhttp always; http-parser-js and undici's wasm where `directory` has them. */
export async function parserPeers(
  directory: string | undefined,
): Promise<{ readonly peers: readonly ParserPeer[]; readonly missing: readonly string[] }> {
  const peers: ParserPeer[] = [nodePeer()]
  const missing: string[] = []
  if (directory === undefined) return { peers, missing: [...PEER_PACKAGES] }
  const require = createRequire(join(directory, 'package.json'))
  for (const [name, load] of [
    ['http-parser-js', () => httpParserJsPeer(require)],
    ['undici', () => undiciPeer(require)],
  ] as const) {
    try {
      peers.push(await load())
    } catch {
      missing.push(name)
    }
  }
  return { peers, missing }
}

/** The slots and the callbacks' arguments, the same in Node and in http-parser-js, which copied them. */
interface SlotParser {
  [slot: number]: unknown
  initialize?: (type: number, resource: object, maxHeaderSize: number, lenient: number) => void
  execute(bytes: Buffer): number | Error
  finish(): unknown
  close?: () => void
}
interface SlotParserClass {
  new (type: string): SlotParser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
}

const VERSIONS: readonly (readonly string[])[] = [
  ['0.0', '0.1'],
  ['1.0', '1.1'],
]
const MAX_HEAD_BYTES = 1 << 16

function nodePeer(): ParserPeer {
  const common = createRequire(import.meta.url)('node:_http_common') as {
    readonly HTTPParser: SlotParserClass
    readonly methods: readonly string[]
  }
  const { HTTPParser, methods } = common
  return {
    name: 'llhttp in Node',
    connect: (kind, sink) => {
      const parser = new HTTPParser('')
      parser.initialize?.(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, MAX_HEAD_BYTES, 0)
      return slotConnection(parser, HTTPParser, methods, sink)
    },
  }
}

function httpParserJsPeer(require: NodeJS.Require): ParserPeer {
  const { HTTPParser, methods } = require('http-parser-js') as {
    readonly HTTPParser: SlotParserClass & { readonly kOnExecute: number; maxHeaderSize: number }
    readonly methods: readonly string[]
  }
  // It counts the whole read in which a head ends, so its own default would refuse small pipelined messages.
  HTTPParser.maxHeaderSize = Number.MAX_SAFE_INTEGER
  // Being asked for this slot is how it learns that it is not in the Node of 2014, and passes separate arguments.
  if (HTTPParser.kOnExecute === undefined) throw new Error('another http-parser-js than the one known')
  return {
    name: 'http-parser-js',
    connect: (kind, sink) => {
      const parser = new HTTPParser(kind === 'request' ? 'REQUEST' : 'RESPONSE')
      return slotConnection(parser, HTTPParser, methods, sink)
    },
  }
}

function slotConnection(
  parser: SlotParser,
  slots: SlotParserClass,
  methods: readonly string[],
  sink: MessageSink,
): PeerConnection {
  let early: string[] = []
  let inBody = false
  let earlyUrl = ''
  parser[slots.kOnHeaders] = (fields: string[], url = '') => {
    earlyUrl += url
    early = early.length === 0 ? fields : [...early, ...fields]
  }
  parser[slots.kOnHeadersComplete] = (
    major: number,
    minor: number,
    fields: string[] | undefined,
    method: number | null | undefined,
    url: string | undefined,
    statusCode: number,
    statusMessage: string,
  ) => {
    const all = early.length === 0 ? (fields ?? []) : [...early, ...(fields ?? [])]
    early = []
    inBody = true
    // QUERY has number 46 and no place of its own in the table.
    const version = VERSIONS[major]?.[minor] ?? `${major}.${minor}`
    if (typeof method === 'number') sink.head(version, methods[method] ?? 'QUERY', url ?? earlyUrl)
    else sink.head(version, statusCode, statusMessage)
    earlyUrl = ''
    for (let at = 0; at < all.length; at += 2) sink.field(all[at] ?? '', all[at + 1] ?? '')
    // Whether a status has content is for the caller to say, RFC 9112 §6.3.
    return typeof method !== 'number' && (statusCode < 200 || statusCode === 204 || statusCode === 304) ? 1 : 0
  }
  parser[slots.kOnBody] = (bytes: Buffer, offset = 0, length = bytes.length) => {
    // http-parser-js steps back so far, and then looks for the end of a line in nine million billion bytes.
    if (length < 0) throw new Error(`a piece of ${length} bytes`)
    sink.content(offset === 0 && length === bytes.length ? bytes : bytes.subarray(offset, offset + length))
  }
  parser[slots.kOnMessageComplete] = () => {
    // With trailers Node gives the target once more.
    earlyUrl = ''
    if (!inBody) return
    inBody = false
    for (let at = 0; at < early.length; at += 2) sink.trailer(early[at] ?? '', early[at + 1] ?? '')
    if (early.length > 0) early = []
    sink.end()
  }
  return {
    push: (bytes) => {
      const result = parser.execute(bytes)
      if (result instanceof Error) throw result
    },
    end: () => {
      const result = parser.finish()
      if (result instanceof Error) throw result
    },
    close: () => parser.close?.(),
  }
}

/** Node has it; its types leave it to the DOM's. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(module: object, imports: object): Promise<{ readonly exports: unknown }>
}

/** What undici does with its wasm, with the strings made as its `Request` makes them. */
async function undiciPeer(require: NodeJS.Require): Promise<ParserPeer> {
  interface Llhttp {
    readonly memory: { readonly buffer: ArrayBuffer }
    llhttp_alloc(type: number): number
    llhttp_execute(parser: number, at: number, length: number): number
    llhttp_finish(parser: number): number
    llhttp_get_http_major(parser: number): number
    llhttp_get_http_minor(parser: number): number
    llhttp_get_method(parser: number): number
    llhttp_get_status_code(parser: number): number
    llhttp_free(parser: number): void
    malloc(length: number): number
  }
  class State {
    url = ''
    fields: string[] = []
    name = ''
    value = ''
    inValue = false
    inBody = false
    readonly kind: MessageKind
    readonly sink: MessageSink

    constructor(kind: MessageKind, sink: MessageSink) {
      this.kind = kind
      this.sink = sink
    }

    field(): void {
      if (this.inValue) this.fields.push(this.name, this.value)
      this.name = ''
      this.value = ''
      this.inValue = false
    }
  }
  const { methods } = createRequire(import.meta.url)('node:_http_common') as { readonly methods: readonly string[] }
  const module = await WebAssembly.compile(require('undici/lib/llhttp/llhttp_simd-wasm.js') as Uint8Array)
  let state: State | undefined
  let memory = Buffer.alloc(0)
  const text = (at: number, length: number): string => memory.toString('latin1', at, at + length)
  const current = (): State => {
    if (state === undefined) throw new Error('no parser at work')
    return state
  }
  const { exports } = await WebAssembly.instantiate(module, {
    env: {
      wasm_on_url: (_: number, at: number, length: number) => {
        current().url += text(at, length)
        return 0
      },
      wasm_on_status: (_: number, at: number, length: number) => {
        current().url += text(at, length)
        return 0
      },
      wasm_on_message_begin: () => {
        current().url = ''
        return 0
      },
      wasm_on_header_field: (_: number, at: number, length: number) => {
        const state = current()
        if (state.inValue) state.field()
        state.name += text(at, length)
        return 0
      },
      wasm_on_header_value: (_: number, at: number, length: number) => {
        const state = current()
        state.inValue = true
        state.value += text(at, length)
        return 0
      },
      wasm_on_headers_complete: (parser: number, statusCode: number) => {
        const state = current()
        state.inBody = true
        const { sink, url } = state
        const major = llhttp.llhttp_get_http_major(parser)
        const minor = llhttp.llhttp_get_http_minor(parser)
        const version = VERSIONS[major]?.[minor] ?? `${major}.${minor}`
        if (state.kind === 'request') sink.head(version, methods[llhttp.llhttp_get_method(parser)] ?? 'QUERY', url)
        else sink.head(version, statusCode, url)
        state.field()
        const { fields } = state
        state.fields = []
        for (let at = 0; at < fields.length; at += 2) sink.field(fields[at] ?? '', fields[at + 1] ?? '')
        return 0
      },
      wasm_on_body: (_: number, at: number, length: number) => {
        current().sink.content(memory.subarray(at, at + length))
        return 0
      },
      wasm_on_message_complete: () => {
        const state = current()
        if (!state.inBody) return 0
        state.field()
        const { fields, sink } = state
        if (fields.length > 0) state.fields = []
        for (let at = 0; at < fields.length; at += 2) sink.trailer(fields[at] ?? '', fields[at + 1] ?? '')
        sink.end()
        state.inBody = false
        return 0
      },
    },
  })
  const llhttp = exports as Llhttp
  const room = llhttp.malloc(MAX_HEAD_BYTES)
  memory = Buffer.from(llhttp.memory.buffer)
  return {
    name: 'llhttp in undici (wasm)',
    connect: (kind, sink) => {
      const parser = llhttp.llhttp_alloc(kind === 'request' ? 1 : 2)
      if (memory.buffer !== llhttp.memory.buffer) memory = Buffer.from(llhttp.memory.buffer)
      const own = new State(kind, sink)
      const check = (result: number): void => {
        if (result !== 0 && result !== 22) throw new Error(`llhttp ${result}`)
      }
      return {
        push: (bytes) => {
          state = own
          for (let at = 0; at < bytes.length; at += MAX_HEAD_BYTES) {
            const slice = bytes.subarray(at, at + MAX_HEAD_BYTES)
            memory.set(slice, room)
            check(llhttp.llhttp_execute(parser, room, slice.length))
          }
        },
        end: () => {
          state = own
          check(llhttp.llhttp_finish(parser))
        },
        close: () => llhttp.llhttp_free(parser),
      }
    },
  }
}
