// One time from several servers, RFC 5905 §11.2: selection, cluster, combine. Or none.

import { cluster, type Clustered } from './cluster.ts'
import { select, type Claim, type Interval, type Suspicion } from './selection.ts'

/** A nanosecond: a distance of none would weigh infinitely much. */
const LEAST_DISTANCE_MS = 1e-6

/** What is known from one server; all candidates hold at the same local time. */
export interface Candidate extends Claim, Clustered {}

/** What the selection and combination of RFC 5905 §11.2 found; every candidate is in exactly one of the three lists. */
export interface Agreement<C extends Candidate> {
  /** Add to the local clock to agree with the majority: positive where the local clock is behind. Θ, RFC 5905 §11.2.3. */
  readonly offsetNs: bigint
  /** The true offset lies within offsetNs ± this, if at most `liars` of the candidates are wrong. */
  readonly maxErrorMs: number
  /** How much the survivors differ, and the best of them from itself (root mean square). ϑ, RFC 5905 §11.2.3. */
  readonly jitterMs: number
  /** Those whose offsets were combined, the best first. */
  readonly survivors: readonly C[]
  /** Those that may be right, but are further off than the survivors. */
  readonly outliers: readonly C[]
  /** Those that cannot be right if the majority is. */
  readonly falsetickers: readonly C[]
}

/** Undefined where fewer than `quorum` candidates agree. RangeError for a quorum that is no majority of the candidates. */
export function agree<C extends Candidate>(candidates: readonly C[], suspicion: Suspicion): Agreement<C> | undefined {
  const { quorum } = suspicion
  if (quorum * 2 <= candidates.length) {
    throw new RangeError(`quorum must be more than half of ${candidates.length} candidates, got ${quorum}`)
  }
  const selection = select(candidates, suspicion)
  if (selection === undefined) return undefined
  const { truechimers, falsetickers, bound } = selection
  const { survivors, outliers } = cluster(truechimers)
  const { offsetNs, jitterMs } = combine(survivors, bound)
  const wrongByNs = bound.highNs - offsetNs > offsetNs - bound.lowNs ? bound.highNs - offsetNs : offsetNs - bound.lowNs
  return { offsetNs, maxErrorMs: Number(wrongByNs) / 1e6, jitterMs, survivors, outliers, falsetickers }
}

/** The mean of the offsets, each weighted by the inverse of its root distance, but not beyond what can be true. */
function combine(
  survivors: readonly Candidate[],
  { lowNs, highNs }: Interval,
): Pick<Agreement<Candidate>, 'offsetNs' | 'jitterMs'> {
  const [best] = survivors
  if (best === undefined) return { offsetNs: lowNs, jitterMs: 0 }
  let weights = 0
  let sum = 0
  let squares = 0
  for (const { offsetNs, rootDistanceMs } of survivors) {
    // Relative to the best one, so that a clock that is wrong by years costs no precision.
    const differenceNs = Number(offsetNs - best.offsetNs)
    const weight = 1 / Math.max(rootDistanceMs, LEAST_DISTANCE_MS)
    weights += weight
    sum += weight * differenceNs
    squares += weight * differenceNs ** 2
  }
  const meanNs = best.offsetNs + BigInt(Math.round(sum / weights))
  const offsetNs = meanNs < lowNs ? lowNs : meanNs > highNs ? highNs : meanNs
  return { offsetNs, jitterMs: Math.hypot(Math.sqrt(squares / weights) / 1e6, best.jitterMs) }
}
