// Several servers that each claim an interval, and what the package's own selection makes of them.

import { agree, type Agreement, type Candidate } from '@plainwire/ntp-client/packet'
import type { Language } from './language.ts'

/** A server as it stands in the page, in milliseconds. */
export interface Claimant {
  readonly name: string
  readonly offsetMs: number
  readonly errorMs: number
}

interface NamedCandidate extends Candidate {
  readonly name: string
}

export const RANGE_MS = 100
const NAMES = ['A', 'B', 'C', 'D', 'E']

export type Scene = 'honest' | 'one-liar' | 'two-liars' | 'conspiracy' | 'no-majority'

const SCENES: Readonly<Record<Scene, readonly (readonly [offsetMs: number, errorMs: number])[]>> = {
  honest: [
    [4, 14],
    [-2, 10],
    [1, 22],
    [6, 18],
    [0, 8],
  ],
  'one-liar': [
    [4, 14],
    [-2, 10],
    [1, 22],
    [6, 18],
    [60, 12],
  ],
  'two-liars': [
    [4, 14],
    [-2, 10],
    [1, 22],
    [-70, 10],
    [60, 12],
  ],
  conspiracy: [
    [4, 14],
    [-2, 10],
    [58, 12],
    [62, 10],
    [60, 12],
  ],
  'no-majority': [
    [-80, 8],
    [-40, 8],
    [0, 8],
    [40, 8],
    [80, 8],
  ],
}

export function scene(name: Scene): Claimant[] {
  return SCENES[name].map(([offsetMs, errorMs], at) => ({ name: NAMES[at] ?? '', offsetMs, errorMs }))
}

/** As `synchronize` does: more than half have to agree, so that fewer than half may lie. */
export function decide(claimants: readonly Claimant[]): Agreement<NamedCandidate> | undefined {
  const quorum = Math.floor(claimants.length / 2) + 1
  const candidates = claimants.map(({ name, offsetMs, errorMs }) => ({
    name,
    offsetNs: BigInt(Math.round(offsetMs * 1e6)),
    maxErrorMs: errorMs,
    rootDistanceMs: errorMs,
    jitterMs: 1,
    stratum: 2,
  }))
  return agree(candidates, { quorum, liars: claimants.length - quorum })
}

const LEFT = 62
const SPAN = 600
const ROW = 38
const TOP = 30

export function xOf(ms: number): number {
  return LEFT + ((ms + RANGE_MS) / (2 * RANGE_MS)) * SPAN
}

export function msPerUnit(): number {
  return (2 * RANGE_MS) / SPAN
}

/** The inside of an SVG of 700 × 240. */
export function picture(claimants: readonly Claimant[]): string {
  const agreed = decide(claimants)
  const bottom = TOP + claimants.length * ROW
  const parts = [-100, -50, 0, 50, 100].map(
    (ms) =>
      `<path class="tick" d="M${xOf(ms)} ${TOP - 8}V${bottom}"/><text x="${xOf(ms)}" y="${TOP - 14}">${ms} ms</text>`,
  )
  if (agreed !== undefined) {
    const middle = Number(agreed.offsetNs) / 1e6
    const [low, high] = [xOf(middle - agreed.maxErrorMs), xOf(middle + agreed.maxErrorMs)]
    parts.push(
      `<rect class="bound" x="${low}" y="${TOP - 4}" width="${high - low}" height="${bottom - TOP + 8}"/>`,
      `<path class="agreed" d="M${xOf(middle)} ${TOP - 4}V${bottom + 4}"/>`,
    )
  }
  for (const [at, { name, offsetMs, errorMs }] of claimants.entries()) {
    const y = TOP + at * ROW + ROW / 2
    const role = roleOf(name, agreed)
    parts.push(
      `<g data-server="${name}" class="${role}"><text class="name" x="16" y="${y + 5}">${name}</text>` +
        `<rect class="grip" x="${xOf(offsetMs - errorMs)}" y="${y - 14}" width="${xOf(errorMs) - xOf(-errorMs)}" height="28"/>` +
        `<path class="claim" d="M${xOf(offsetMs - errorMs)} ${y - 7}v14m0 -7H${xOf(offsetMs + errorMs)}m0 -7v14"/>` +
        `<circle cx="${xOf(offsetMs)}" cy="${y}" r="6"/></g>`,
    )
  }
  return parts.join('')
}

export function roleOf(name: string, agreed: Agreement<NamedCandidate> | undefined): string {
  if (agreed === undefined) return 'unknown'
  const isIn = (some: readonly NamedCandidate[]): boolean => some.some((one) => one.name === name)
  return isIn(agreed.survivors) ? 'survivor' : isIn(agreed.outliers) ? 'outlier' : 'falseticker'
}

export function verdict(claimants: readonly Claimant[], language: Language): string {
  const words = WORDS[language]
  const agreed = decide(claimants)
  if (agreed === undefined) return `<strong>${words.none}</strong> <code>ntp/no-majority</code>`
  const names = (some: readonly NamedCandidate[]): string => some.map(({ name }) => name).join(', ') || '–'
  return [
    `<strong>${(Number(agreed.offsetNs) / 1e6).toFixed(1)} ± ${agreed.maxErrorMs.toFixed(1)} ms</strong>`,
    `${words.survivors}: ${names(agreed.survivors)}`,
    `${words.outliers}: ${names(agreed.outliers)}`,
    `${words.falsetickers}: ${names(agreed.falsetickers)}`,
  ].join('<br>')
}

export const WORDS = {
  en: {
    title: 'Each server’s claim as an interval, and the interval on which the majority agrees',
    scene: 'Begin with',
    honest: 'five honest servers',
    'one-liar': 'one liar',
    'two-liars': 'two liars',
    conspiracy: 'three who agree on a lie',
    'no-majority': 'nobody agrees',
    offset: 'offset',
    error: 'bound',
    server: 'Server',
    none: 'No answer: no majority can be right at once.',
    survivors: 'Believed and averaged',
    outliers: 'Perhaps right, but of no help',
    falsetickers: 'Cannot be right if the majority is (falsetickers)',
  },
  es: {
    title: 'Lo que afirma cada servidor, como intervalo, y el intervalo en que coincide la mayoría',
    scene: 'Empezar con',
    honest: 'cinco servidores honrados',
    'one-liar': 'un mentiroso',
    'two-liars': 'dos mentirosos',
    conspiracy: 'tres de acuerdo en una mentira',
    'no-majority': 'nadie coincide',
    offset: 'desfase',
    error: 'cota',
    server: 'Servidor',
    none: 'Sin respuesta: ninguna mayoría puede tener razón a la vez.',
    survivors: 'Creídos y promediados',
    outliers: 'Quizá en lo cierto, pero no ayudan',
    falsetickers: 'No pueden tener razón si la tiene la mayoría (falsetickers)',
  },
} as const
