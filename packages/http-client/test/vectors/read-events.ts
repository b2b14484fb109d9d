import type { HeaderList, RequestEvent, ResponseEvent, Warning } from '@plainwire/http-client/parser'
import { RequestParser, ResponseParser } from '@plainwire/http-client/parser'
import { latin1Text } from '../../src/protocol/latin1.ts'
import type { HttpProtocolError } from '../../src/parser.ts'
import type { Vector } from './vector.ts'

type AnyParser = RequestParser | ResponseParser

export function responseParser({ methods = [], options }: Vector): ResponseParser {
  const parser = new ResponseParser(options)
  for (const method of methods) parser.expect(method)
  return parser
}

export function requestParser({ options }: Vector): RequestParser {
  return new RequestParser(options)
}

export interface Reading {
  readonly lines: string[]
  readonly surplus: string
}

/** Pushes the pieces, pulling after each, then lets the peer close; adjacent content joined, a refusal as last line. */
export function readEvents(parser: AnyParser, pieces: readonly Uint8Array[]): Reading {
  const lines: string[] = []
  let content: string | undefined
  const endContent = (): void => {
    if (content !== undefined) lines.push(`content ${JSON.stringify(content)}`)
    content = undefined
  }
  const pull = (): void => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === 'content') {
        content = (content ?? '') + latin1Text(event.bytes)
      } else {
        endContent()
        lines.push(describeEvent(event))
      }
    }
  }
  try {
    for (const piece of pieces) {
      parser.push(piece)
      pull()
    }
    parser.end()
    pull()
  } catch (error) {
    endContent()
    lines.push(describeError(error))
  }
  endContent()
  return { lines, surplus: latin1Text(parser.surplus) }
}

function describeEvent(event: Exclude<RequestEvent | ResponseEvent, { type: 'content' }>): string {
  if (event.type === 'end') return `end${fields(event.trailers)}${repairs(event.warnings)}`
  const { head } = event
  const startLine =
    'method' in head
      ? `${head.method} ${head.requestTarget} HTTP/${head.version}`
      : `HTTP/${head.version} ${head.statusCode} ${head.reasonPhrase}`
  return `${event.type} ${startLine}${fields(head.headers)}${repairs(event.warnings)}`
}

function fields(headers: HeaderList): string {
  return [...headers].map(([name, value]) => ` | ${name}: ${value}`).join('')
}

function repairs(warnings: readonly Warning[]): string {
  return warnings.map(({ code, offset, line, clause }) => ` ! ${code} at ${offset}, line ${line}, ${clause}`).join('')
}

function describeError(error: unknown): string {
  if (!(error instanceof Error) || error.name !== 'ProtocolError') throw error
  const { code, offset, line, clause } = error as HttpProtocolError
  return `${code} at ${offset}, line ${line}, ${clause}`
}
