// Who tells the truth, RFC 5905 §11.2.1. Each server claims an interval in which the true offset lies; those that are
// right share a point, the truth. So points that a majority's intervals contain are looked for, and whoever's interval
// lies apart from them is a falseticker.

export interface Interval {
  readonly lowNs: bigint
  readonly highNs: bigint
}

/** A claim: the true offset is `offsetNs`, wrong by `maxErrorMs` at most. */
export interface Claim {
  readonly offsetNs: bigint
  readonly maxErrorMs: number
}

export interface Selection<C extends Claim> {
  readonly truechimers: readonly C[]
  readonly falsetickers: readonly C[]
  /** Contains the truth if at most `liars` of the claims are wrong, whichever they are. */
  readonly bound: Interval
}

export interface Suspicion {
  /** How many claims have to share a point; more than half of them. */
  readonly quorum: number
  /** How many claims may be wrong at most. */
  readonly liars: number
}

interface Edge {
  readonly atNs: bigint
  readonly kind: 'low' | 'high'
}

/** Undefined where no `quorum` of the claims can be right at once. */
export function select<C extends Claim>(claims: readonly C[], { quorum, liars }: Suspicion): Selection<C> | undefined {
  const edges = claims.flatMap((claim) => edgesOf(intervalOf(claim))).sort(compareEdges)
  const agreed = smallestIntersection(claims, edges, quorum) ?? coveredBy(edges, quorum)
  // Wider than what was agreed on: a liar can make an overlap smaller than it truly is, and so push it off the truth,
  // but the truth itself is covered by everyone who is right.
  const bound = coveredBy(edges, Math.max(1, Math.min(quorum, claims.length - liars)))
  if (agreed === undefined || bound === undefined) return undefined
  const truechimers = claims.filter((claim) => overlap(intervalOf(claim), agreed))
  const falsetickers = claims.filter((claim) => !truechimers.includes(claim))
  return { truechimers, falsetickers, bound }
}

export function intervalOf({ offsetNs, maxErrorMs }: Claim): Interval {
  const maxErrorNs = BigInt(Math.ceil(maxErrorMs * 1e6))
  return { lowNs: offsetNs - maxErrorNs, highNs: offsetNs + maxErrorNs }
}

/** The RFC's loop: as few falsetickers as can be, and no more midpoints outside the intersection than there are of those. */
function smallestIntersection(claims: readonly Claim[], edges: readonly Edge[], quorum: number): Interval | undefined {
  for (let falsetickers = 0; claims.length - falsetickers >= quorum; falsetickers++) {
    const found = coveredBy(edges, claims.length - falsetickers)
    if (found === undefined) continue
    const outside = claims.filter(({ offsetNs }) => offsetNs < found.lowNs || offsetNs > found.highNs)
    if (outside.length <= falsetickers) return found
  }
  return undefined
}

/** From the lowest to the highest point that at least `needed` intervals contain. */
function coveredBy(edges: readonly Edge[], needed: number): Interval | undefined {
  const lowNs = firstCovered(edges, needed, 'low')
  const highNs = firstCovered(edges.toReversed(), needed, 'high')
  return lowNs === undefined || highNs === undefined ? undefined : { lowNs, highNs }
}

function firstCovered(edges: readonly Edge[], needed: number, entering: Edge['kind']): bigint | undefined {
  let covering = 0
  for (const { atNs, kind } of edges) {
    covering += kind === entering ? 1 : -1
    if (covering >= needed) return atNs
  }
  return undefined
}

function edgesOf({ lowNs, highNs }: Interval): Edge[] {
  return [
    { atNs: lowNs, kind: 'low' },
    { atNs: highNs, kind: 'high' },
  ]
}

/** Of equal edges the low one comes first, or intervals that touch in a point would share none. */
function compareEdges(a: Edge, b: Edge): number {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs ? -1 : 1
  return a.kind === b.kind ? 0 : a.kind === 'low' ? -1 : 1
}

function overlap(a: Interval, b: Interval): boolean {
  return a.lowNs <= b.highNs && b.lowNs <= a.highNs
}
