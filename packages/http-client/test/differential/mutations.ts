// Messages that are nearly right: real ones, with the changes that have confused parsers. Everything follows from the seed.

import { requests } from '../vectors/requests.ts'
import { responses } from '../vectors/responses.ts'
import type { Vector } from '../vectors/vector.ts'
import type { MessageKind } from '../parser-peers.ts'

interface Seeds {
  readonly right: readonly string[]
  readonly any: readonly string[]
}

const SEEDS: Readonly<Record<MessageKind, Seeds>> = { request: seeds(requests), response: seeds(responses) }

/** What smuggling is made of. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '0',
  '1',
  'a',
  '\0',
  '\x7f',
  '\x80',
  '\xff',
  '\x0b',
  '-',
  '+',
  '0x',
  'Content-Length: 1\r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Host: b\r\n',
  'X: y\r\n',
  ' folded\r\n',
  '1\r\na\r\n',
  '0\r\n\r\n',
  ';a=b',
  'HTTP/1.1',
  'HTTP/1.0',
  ' chunked',
  'GET /x HTTP/1.1\r\nHost: x\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
]

export class Mutations {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 1
  }

  /** From 0 up to, not including, `below`: xorshift32. */
  number(below: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return (x >>> 0) % below
  }

  message(kind: MessageKind): Buffer {
    // Mostly from what is right, since what is wrong twice is refused by all.
    let wire = this.#pick(this.number(4) === 0 ? SEEDS[kind].any : SEEDS[kind].right)
    for (let changes = this.number(3); changes > 0; changes--) wire = this.#changed(wire, kind)
    return Buffer.from(wire, 'latin1')
  }

  #changed(wire: string, kind: MessageKind): string {
    const at = this.number(wire.length + 1)
    const from = wire.slice(0, at)
    switch (this.number(8)) {
      case 0:
        return from + wire.slice(at + 1)
      case 1:
        return from + String.fromCharCode(this.number(256)) + wire.slice(at + 1)
      case 2:
        return from + wire.slice(at + 1 + this.number(8))
      case 3:
        return from + wire.slice(Math.max(0, at - this.number(30)))
      case 4: {
        const other = this.#pick(SEEDS[kind].any)
        return from + other.slice(this.number(other.length + 1))
      }
      case 5: {
        // Where lines begin is where most decisions fall.
        const line = wire.indexOf('\r\n', at) + 2
        return wire.slice(0, line) + this.#pick(TOKENS) + wire.slice(line)
      }
      default:
        return from + this.#pick(TOKENS) + wire.slice(at)
    }
  }

  #pick(texts: readonly string[]): string {
    return texts[this.number(texts.length)] ?? ''
  }
}

/** Vectors with other context than a plain GET are left out: the peers are not told of it. */
function seeds(vectors: readonly Vector[]): Seeds {
  const plain = vectors.filter(({ methods, options }) => methods === undefined && options === undefined)
  const right = plain.filter(({ expect }) => expect.at(-1)?.startsWith('end'))
  return { right: right.map(({ wire }) => wire), any: plain.map(({ wire }) => wire) }
}
