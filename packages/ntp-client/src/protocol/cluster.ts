// Whom to leave out though he may be right, RFC 5905 §11.2.2: the server whose offset is furthest from all others adds
// more scatter than knowledge.

/** Enough to average over; fewer are never thinned out. NMIN, RFC 5905 A.1.1. */
const LEAST_SURVIVORS = 3
/** MAXDIST, RFC 5905 A.1.1: a stratum counts as much as a second of root distance. */
const STRATUM_MS = 1000

export interface Clustered {
  readonly offsetNs: bigint
  readonly jitterMs: number
  readonly rootDistanceMs: number
  readonly stratum: number
}

/** `survivors` begins with the best server: the lowest stratum, and among equals the smallest root distance. */
export function cluster<C extends Clustered>(truechimers: readonly C[]): { survivors: C[]; outliers: C[] } {
  const survivors = truechimers.toSorted((a, b) => metric(a) - metric(b))
  const outliers: C[] = []
  while (survivors.length > LEAST_SURVIVORS) {
    const scatters = survivors.map((one) => selectionJitterMs(one, survivors))
    const worst = Math.max(...scatters)
    // No server's own scatter is larger than what the outlier adds, or leaving him out gains nothing.
    if (worst <= Math.min(...survivors.map(({ jitterMs }) => jitterMs))) break
    outliers.push(...survivors.splice(scatters.lastIndexOf(worst), 1))
  }
  return { survivors, outliers }
}

function metric({ stratum, rootDistanceMs }: Clustered): number {
  return stratum * STRATUM_MS + rootDistanceMs
}

/** φ: the root mean square of the others' differences from one. */
function selectionJitterMs({ offsetNs }: Clustered, all: readonly Clustered[]): number {
  const sum = all.reduce((sum, other) => sum + (Number(other.offsetNs - offsetNs) / 1e6) ** 2, 0)
  return Math.sqrt(sum / (all.length - 1))
}
