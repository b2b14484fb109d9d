// What the playground shows of a message, whichever protocol it is of: parts in wire order, each a run of bytes with the
// codec's own words for it, and the fault where the codec refused to go on.

import type { Localized } from './language.ts'

export interface Part {
  readonly offset: number
  readonly length: number
  /** As the codec labels it: `stratum 2`, `header Host`. */
  readonly label: string
  /** The sentence of the specification: `RFC 5905 §7.3`. */
  readonly clause: string
  /** What it is for, for who has not read the specification. */
  readonly about: Localized
  /** What may be changed in it: for most parts one thing. */
  readonly edits: readonly Edit[]
}

/** One value of a part, as text that a person changes. */
export interface Edit {
  readonly name: string
  readonly value: string
  /** The whole message with the new value; throws, with a message for people, what the codec throws. */
  readonly apply: (value: string) => Uint8Array
}

export interface Fault {
  /** The byte at which the codec gave up; the length of the message where something is missing. */
  readonly offset: number
  readonly code: string
  readonly message: string
  readonly clause: string
}

export interface Dissection {
  readonly parts: readonly Part[]
  readonly fault?: Fault
}
