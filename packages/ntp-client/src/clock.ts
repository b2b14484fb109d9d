// A clock fine enough for NTP. Date.now() is cut to whole milliseconds, half a millisecond off on average; the monotonic
// clock resolves nanoseconds but counts from an unknown moment. So the monotonic clock is anchored to the wall clock:
// read both at one instant, keep the difference.

/** The time in nanoseconds since 1970-01-01 UTC. */
export type Clock = () => bigint

/** Where the time comes from; tests hand in their own. */
export interface ClockSources {
  monotonicNs(): bigint
  wallMs(): number
  /** A finer wall clock where there is one: `Temporal.Now`, from Node 26. */
  wallNs?(): bigint
}

interface Anchor {
  /** Wall clock minus monotonic clock. */
  readonly aheadNs: bigint
  /** How long reading both took: the wall clock was read somewhere in this span. */
  readonly spanNs: bigint
}

const ATTEMPTS = 20
/** A longer span means that the reading was interrupted: try again. */
const GOOD_SPAN_NS = 2_000n
/** About 20 ms, for a wall clock that never ticks: a program under test may have replaced it. */
const MOST_SPINS = 200_000
const STEP_NS = 2_000_000n

/**
 * A clock anchored once: within a few microseconds of the wall clock now, and deaf to the wall clock being set later, so
 * that the spans it measures are true. Before Node 26 anchoring waits for a tick of Date.now(), up to a millisecond.
 */
export function anchoredClock(sources: ClockSources = systemSources()): Clock {
  const { aheadNs } = tightestAnchor(sources)
  return () => sources.monotonicNs() + aheadNs
}

/** The same for a program that runs long: it is anchored again once the wall clock was set by 2 ms or more. */
export function followingClock(sources: ClockSources = systemSources()): Clock {
  let { aheadNs } = tightestAnchor(sources)
  return () => {
    // Half a millisecond is what Date.now() lacks on average.
    const wallNs = BigInt(sources.wallMs()) * 1_000_000n + 500_000n
    const wrongBy = sources.monotonicNs() + aheadNs - wallNs
    if (wrongBy > STEP_NS || wrongBy < -STEP_NS) aheadNs = tightestAnchor(sources).aheadNs
    return sources.monotonicNs() + aheadNs
  }
}

function tightestAnchor(sources: ClockSources): Anchor {
  let best: Anchor | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const anchor = readAnchor(sources)
    if (best === undefined || anchor.spanNs < best.spanNs) best = anchor
    if (best.spanNs <= GOOD_SPAN_NS) return best
  }
  return best ?? readAnchor(sources)
}

function readAnchor(sources: ClockSources): Anchor {
  if (sources.wallNs === undefined) return anchorAtTick(sources)
  const before = sources.monotonicNs()
  const wallNs = sources.wallNs()
  return anchorBetween(before, wallNs, sources.monotonicNs())
}

/** A whole millisecond is exact at one moment only: when the wall clock ticks, between two readings of it. */
function anchorAtTick(sources: ClockSources): Anchor {
  let before = sources.monotonicNs()
  const first = sources.wallMs()
  let wallMs = first
  for (let spins = 0; spins < MOST_SPINS; spins++) {
    const now = sources.monotonicNs()
    wallMs = sources.wallMs()
    if (wallMs !== first) break
    // Not the time after the last reading: an interruption in between may have hidden the tick.
    before = now
  }
  return anchorBetween(before, BigInt(wallMs) * 1_000_000n, sources.monotonicNs())
}

function anchorBetween(before: bigint, wallNs: bigint, after: bigint): Anchor {
  return { aheadNs: wallNs - (before + after) / 2n, spanNs: after - before }
}

function systemSources(): ClockSources {
  const sources = { monotonicNs: () => process.hrtime.bigint(), wallMs: () => Date.now() }
  const { Temporal } = globalThis as { Temporal?: { Now: { instant(): { epochNanoseconds: bigint } } } }
  return Temporal === undefined ? sources : { ...sources, wallNs: () => Temporal.Now.instant().epochNanoseconds }
}
