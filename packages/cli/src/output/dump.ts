import { dissectBytes, type Span } from '@plainwire/socket-utils/hexdump'
import { shownLabel } from './labels.ts'

/** Narrow enough for 80 columns: a label stands beside its first bytes, and long runs have no text beside them. */
export function dumpLines(bytes: Uint8Array, spans: readonly Span[]): string[] {
  const digits = bytes.length > 0xffff ? 6 : bytes.length > 0xff ? 4 : 2
  const wide = spans.some(({ length }) => length > 8)
  return dissectBytes(bytes, spans).map(({ offset, hex, label = '' }) =>
    `  ${offset.toString(16).padStart(digits, '0')}  ${hex.padEnd(wide ? 39 : 19)}  ${shownLabel(label)}`.trimEnd(),
  )
}
