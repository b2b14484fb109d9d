// The field lines that nearly all are: a name, a colon, a space, a value, CRLF. They are read in one loop, four bytes at a
// time where that can be, with everything in local variables. What is not quite so is left where it stands to
// `readFieldLine`, which knows the rules: taking this file away changes nothing but the speed.

import { controls, firstControl } from './control-bytes.ts'
import { TOKEN } from './grammar.ts'
import { CR, LF } from './line-ending.ts'
import type { FieldRecorder } from './field-recorder.ts'
import type { LineMemory } from './line-memory.ts'
import type { Window } from './window.ts'

const COLON = 0x3a
const SPACE = 0x20

/** Reads lines from `from` on, as many as it can and at most `maxLines`: where the first one begins that is left. */
export function readCommonLines(
  window: Window,
  from: number,
  bound: number,
  maxLines: number,
  maxLineBytes: number,
  fields: FieldRecorder,
  memory: LineMemory | undefined,
): number {
  // Before this border four bytes are there, and so are both of CRLF.
  const last = bound - 4
  if (from >= last) return from
  const { bytes, start, view } = window
  const { framing, positions } = fields
  const most = fields.used + 4 * maxLines
  let { used, nameLengths } = fields
  let line = from
  while (used < most) {
    const known = memory?.recall(used >> 2, view, line, bound)
    if (known !== undefined) {
      const nameEnd = line + known.name.length
      framing.note(bytes, line, nameEnd, used >> 2)
      nameLengths |= 1 << known.name.length
      positions[used++] = line - start
      positions[used++] = nameEnd - start
      positions[used++] = nameEnd - start + 2
      line += known.length
      positions[used++] = line - start - 2
      continue
    }
    let at = line
    while (at < last && TOKEN[bytes[at] as number] === 1) at++
    const nameEnd = at
    if (bytes[at] !== COLON || bytes[at + 1] !== SPACE || nameEnd === line) break
    at += 2
    const valueStart = at
    let found = 0
    while (at < last && (found = controls(view.getInt32(at, true))) === 0) at += 4
    at += firstControl(found)
    if (at >= last || bytes[at] !== CR || bytes[at + 1] !== LF || at - line > maxLineBytes) break
    // An empty value, or more white space around it.
    if ((bytes[valueStart] as number) <= SPACE || (bytes[at - 1] as number) <= SPACE) break
    framing.note(bytes, line, nameEnd, used >> 2)
    nameLengths |= 1 << (nameEnd - line)
    positions[used++] = line - start
    positions[used++] = nameEnd - start
    positions[used++] = valueStart - start
    positions[used++] = at - start
    line = at + 2
  }
  window.line += (used - fields.used) >> 2
  fields.used = used
  fields.nameLengths = nameLengths
  return line
}
