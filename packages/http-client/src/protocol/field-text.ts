import { controls } from './control-bytes.ts'
import { FIELD_TEXT } from './grammar.ts'
import type { Window } from './window.ts'

/** How far field text goes: the index of the first byte from `from` on that is none, or `end`. RFC 9110 §5.5. */
export function fieldTextEnd(window: Window, from: number, end: number): number {
  const { bytes } = window
  let at = from
  if (end - from >= 8) {
    const { view } = window
    for (const last = end - 4; at <= last && controls(view.getInt32(at, true)) === 0;) at += 4
  }
  while (at < end && FIELD_TEXT[bytes[at] as number] === 1) at++
  return at
}
