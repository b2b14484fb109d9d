// An exchange as curl shows it: `--trace-ascii` and `--verbose`. Bytes and header lines are curl's to the last
// character; what it says about itself (`== Info:`, `* `) is ours.

import { blocksOf, type Block, type ExchangeBytes } from './exchange-blocks.ts'
import { latin1Text } from './latin1.ts'

/** As `response.exchange` has it, with `trace: true`. */
export interface TracedExchange extends ExchangeBytes {
  readonly url: string
  readonly address: string
  readonly port: number
  readonly reused: boolean
}

const CR = 0x0d
const LF = 0x0a
const WIDTH = 64

const TITLES = {
  sent: { head: '=> Send header', content: '=> Send data' },
  received: { head: '<= Recv header', content: '<= Recv data' },
} as const

/** The text of `curl --trace-ascii FILE`. */
export function formatCurlTrace(exchange: TracedExchange): string {
  const lines = informationOf(exchange).map((what) => `== Info: ${what}\n`)
  for (const { direction, kind, bytes } of blocksOf(exchange)) {
    const { length } = bytes
    lines.push(`${TITLES[direction][kind]}, ${length} bytes (0x${length.toString(16)})\n`, ...dump(bytes))
  }
  return lines.join('')
}

/** What `curl --verbose` says on stderr while the body goes to a file: content is counted, not shown. */
export function formatCurlVerbose(exchange: TracedExchange): string {
  let text = informationOf(exchange)
    .map((what) => `* ${what}\n`)
    .join('')
  let before: Block | undefined
  for (const block of blocksOf(exchange)) {
    const { direction, kind, bytes } = block
    if (kind === 'head') {
      const mark = direction === 'sent' ? '> ' : '< '
      text += latin1Text(bytes).replace(/[^\n]*\n|[^\n]+$/g, (line) => mark + line)
    } else if (before?.kind !== 'content' || before.direction !== direction) {
      text += `${direction === 'sent' ? '}' : '{'} [${bytes.length} bytes data]\n`
    }
    before = block
  }
  return text
}

function informationOf({ url, address, port, reused }: TracedExchange): string[] {
  const [, host = ''] = /^[a-z]+:\/\/([^/?#]*)/.exec(url) ?? []
  if (address === '') return []
  if (reused) return [`Re-using existing connection with host ${host}`]
  const shown = address.includes(':') ? `[${address}]` : address
  return [`  Trying ${shown}:${port}...`, `Connected to ${host} (${address}) port ${port}`]
}

/** curl's own rules: a row of 64, cut at every CRLF, which is not shown; what ASCII cannot print is a full stop. */
function dump(bytes: Uint8Array): string[] {
  const rows: string[] = []
  for (let start = 0; start < bytes.length;) {
    let end = start
    while (end < bytes.length && end - start < WIDTH && !isCrlf(bytes, end)) end++
    const shown = Array.from(bytes.subarray(start, end), (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    )
    rows.push(`${start.toString(16).padStart(4, '0')}: ${shown.join('')}\n`)
    start = isCrlf(bytes, end) ? end + 2 : end
  }
  return rows
}

function isCrlf(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF
}
