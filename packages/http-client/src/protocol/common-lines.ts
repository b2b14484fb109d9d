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
  const { positions } = fields
  const most = fields.used + 4 * maxLines
  let { isMoved, used } = fields
  let line = from
  while (used < most) {
    const index = used >> 2
    const known = memory?.lines[index]
    const same = known === undefined ? 0 : (memory as LineMemory).recall(known, index, view, line, bound)
    let nameEnd = line
    let at = line + same
    if (known !== undefined && same !== 0) {
      nameEnd = line + known.name.length
    } else {
      while (nameEnd < last && TOKEN[bytes[nameEnd] as number] === 1) nameEnd++
      if (bytes[nameEnd] !== COLON || bytes[nameEnd + 1] !== SPACE || nameEnd === line) break
      at = nameEnd + 2
      isMoved = true
    }
    const valueStart = nameEnd + 2
    if (known !== undefined && same === known.length) {
      at -= 2
    } else {
      let found = 0
      while (at < last && (found = controls(view.getInt32(at, true))) === 0) at += 4
      at += firstControl(found)
      if (at >= last || bytes[at] !== CR || bytes[at + 1] !== LF || at - line > maxLineBytes) break
      // An empty value, or more white space around it.
      if ((bytes[valueStart] as number) <= SPACE || (bytes[at - 1] as number) <= SPACE) break
    }
    if (isMoved || positions[used] !== line - start || positions[used + 3] !== at - start) {
      positions[used] = line - start
      positions[used + 1] = nameEnd - start
      positions[used + 2] = valueStart - start
      positions[used + 3] = at - start
      isMoved = true
    }
    used += 4
    line = at + 2
  }
  window.line += (used - fields.used) >> 2
  fields.used = used
  fields.isMoved = isMoved
  return line
}
