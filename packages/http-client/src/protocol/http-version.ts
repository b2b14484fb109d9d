import { DIGIT } from './grammar.ts'
import type { Repairs } from './leniency.ts'
import type { Window } from './window.ts'

/** The versions that this package speaks. 0.9 has no version number on the wire: the lack of it is how it is known. */
export type HttpVersion = '0.9' | '1.0' | '1.1'

const ZERO = 0x30

/** `HTTP/1.`, with which every version begins that has a number. */
export const VERSION_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e] as const

/** By the byte behind the prefix, which stands at `at`; undefined where it is none of ours, nor may be taken for 1.1. */
export function versionByMinor(window: Window, at: number, repairs: Repairs): HttpVersion | undefined {
  const minor = window.bytes[at] as number
  if (minor === ZERO) return '1.0'
  if (minor === ZERO + 1) return '1.1'
  return DIGIT[minor] === 1 && repairs.allow('higher-minor-version', window.place(at)) ? '1.1' : undefined
}
