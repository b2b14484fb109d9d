// What happens between programs, kernels and networks, from top to bottom: drawn by Sequence.astro, and told in words for
// who does not see it.

import type { Language, Localized } from '../playground/language.ts'

/** `at`, `from` and `to` count the actors from 0, from left to right. */
export type Event =
  /** Something crosses: a call, a packet, a return. */
  | {
      readonly kind: 'arrow'
      readonly from: number
      readonly to: number
      readonly text: Localized
      /** It does not arrive, or it says no. */
      readonly bad?: true
      /** An answer, or what only might happen. */
      readonly dashed?: true
    }
  /** Something is so at one actor, or from one to another. */
  | { readonly kind: 'note'; readonly at: number; readonly to?: number; readonly text: Localized; readonly bad?: true }

export interface Sequence {
  readonly title: Localized
  readonly actors: readonly Localized[]
  readonly events: readonly Event[]
}

export const both = (text: string): Localized => ({ en: text, es: text })

export const l = (en: string, es: string): Localized => ({ en, es })

/** One sentence for each event. */
export function inWords({ actors, events }: Sequence, language: Language): string[] {
  const name = (at: number): string => actors[at]?.[language].replace('\n', ' ') ?? ''
  return events.map((event) => {
    const text = event.text[language].replaceAll('\n', ' ')
    if (event.kind === 'arrow') return `${name(event.from)} → ${name(event.to)}: ${text}`
    return event.to === undefined ? `${name(event.at)}: ${text}` : `${name(event.at)} – ${name(event.to)}: ${text}`
  })
}

// --- where everything stands, in the units of the drawing

const MARGIN = 84
const COLUMN = 190
const HEAD = 56
const ARROW = 46
const NOTE_LINE = 17
const NOTE_PADDING = 11
const GAP = 14

export interface Placed {
  readonly width: number
  readonly height: number
  readonly columns: readonly { readonly x: number; readonly lines: readonly string[] }[]
  readonly arrows: readonly {
    readonly x1: number
    readonly x2: number
    readonly y: number
    readonly text: string
    readonly bad: boolean
    readonly dashed: boolean
  }[]
  readonly notes: readonly {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
    readonly lines: readonly string[]
    readonly bad: boolean
  }[]
}

export function place({ actors, events }: Sequence, language: Language): Placed {
  const x = (at: number): number => MARGIN + at * COLUMN
  const arrows: Placed['arrows'][number][] = []
  const notes: Placed['notes'][number][] = []
  let y = HEAD + 8
  for (const event of events) {
    const { kind, bad = false } = event
    if (kind === 'arrow') {
      y += ARROW
      const ahead = event.to > event.from ? 1 : -1
      const { dashed = false } = event
      // Room for the head; what is refused or lost stops before it arrives.
      const x2 = x(event.to) - ahead * (bad ? 34 : 5)
      arrows.push({ x1: x(event.from), x2, y, text: event.text[language], bad, dashed })
    } else {
      const lines = event.text[language].split('\n')
      const longest = Math.max(...lines.map((line) => line.length))
      const span = x(event.to ?? event.at) - x(event.at)
      const width = Math.max(longest * 7.1 + 20, span === 0 ? 0 : span + 60)
      const height = lines.length * NOTE_LINE + NOTE_PADDING
      const middle = x(event.at) + span / 2
      const most = x(actors.length - 1) + MARGIN - 4 - width
      notes.push({ x: Math.max(4, Math.min(most, middle - width / 2)), y: y + GAP, width, height, lines, bad })
      y += height + GAP
    }
  }
  return {
    width: x(actors.length - 1) + MARGIN,
    height: y + 22,
    columns: actors.map((actor, at) => ({ x: x(at), lines: actor[language].split('\n') })),
    arrows,
    notes,
  }
}
