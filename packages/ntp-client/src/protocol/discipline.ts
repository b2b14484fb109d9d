// How a clock follows its servers between two answers: frequency from all recent samples, phase from the latest, and no
// leap where a slope will do. All times are nanoseconds; the local time is a monotonic clock that nobody sets.

export interface ClockSample {
  /** When it holds, by the local clock. */
  readonly localNs: bigint
  /** The true time then, wrong by `maxErrorNs` at most. */
  readonly timeNs: bigint
  readonly maxErrorNs: number
}

/** From `fromNs` of the local clock on, time runs from `timeNs` and by `rate` faster than the local clock (1e-6: 1 ppm). */
export interface Segment {
  readonly fromNs: bigint
  readonly timeNs: bigint
  readonly rate: number
}

export interface Discipline {
  /** In order; the last one that has begun is in force. */
  readonly segments: readonly Segment[]
  /** At `asOfNs` the clock is wrong by no more than this, and by so much more for each local ns after it. */
  readonly maxErrorNs: number
  readonly maxErrorRate: number
  readonly asOfNs: bigint
  /** How much faster than the local clock true time runs, estimated: 1e-6 is 1 ppm. */
  readonly frequency: number
  /** What the clock was off and is being corrected by; `stepped` where it was set at once. */
  readonly correctionNs: number
  readonly stepped: boolean
}

export interface DisciplineOptions {
  /** How much faster or slower time may run while it is corrected; 500e-6 is what adjtime does. */
  readonly maxSlew: number
  /** A larger error is corrected at once. Infinity: never. */
  readonly stepNs: number
}

/** Φ, RFC 5905 §7.2: how far a clock's frequency may wander from what it was. */
const WANDER = 15e-6
/** Before the frequency is known, MAXFREQ of RFC 5905 A.1.1. */
const MOST_DRIFT = 500e-6
/** New segments begin a little later, so that no thread reads a moment by the old ones that the new ones tell otherwise. */
const LEAD_NS = 20_000_000n
const MOST_SAMPLES = 64
/** Older samples tell a frequency that the clock may have no more. */
const LONGEST_MEMORY_NS = 3_600_000_000_000n

/** The segment that is in force at a local moment, the first if none has begun; and the one that will end it, if any. */
export function segmentAt(
  segments: readonly Segment[],
  localNs: bigint,
): { readonly now: Segment; readonly next: Segment | undefined } {
  const index = Math.max(
    0,
    segments.findLastIndex(({ fromNs }) => fromNs <= localNs),
  )
  const now = segments[index]
  if (now === undefined) throw new RangeError('segments must be one or more, got none')
  return { now, next: segments[index + 1] }
}

/** The time by `segments` at a local moment. */
export function timeAt(segments: readonly Segment[], localNs: bigint): bigint {
  const { fromNs, timeNs, rate } = segmentAt(segments, localNs).now
  const elapsedNs = localNs - fromNs
  return timeNs + elapsedNs + BigInt(Math.floor(Number(elapsedNs) * rate))
}

/**
 * The samples that are worth keeping, with a new one at the end. Those that it contradicts are not: time has leapt a second
 * since, or the servers have stepped, or the local clock stood still while the machine slept.
 */
export function remember(samples: readonly ClockSample[], sample: ClockSample): ClockSample[] {
  const recent = [...samples, sample]
    .filter(({ localNs }) => sample.localNs - localNs <= LONGEST_MEMORY_NS)
    .slice(-MOST_SAMPLES)
  const first = recent.findIndex((_, index) => possibleFrequencies(recent.slice(index), sample) !== undefined)
  return recent.slice(first)
}

/** What frequencies all of `samples` allow, from `latest` back; undefined for none. */
function possibleFrequencies(
  samples: readonly ClockSample[],
  latest: ClockSample,
): readonly [least: number, most: number] | undefined {
  let [least, most] = [-MOST_DRIFT, MOST_DRIFT]
  for (const { localNs, timeNs, maxErrorNs } of samples) {
    const spanNs = Number(latest.localNs - localNs)
    if (spanNs === 0) continue
    const gainedNs = Number(latest.timeNs - timeNs) - spanNs
    const slackNs = maxErrorNs + latest.maxErrorNs
    least = Math.max(least, (gainedNs - slackNs) / spanNs)
    most = Math.min(most, (gainedNs + slackNs) / spanNs)
  }
  return least <= most ? [least, most] : undefined
}

/** The discipline after the latest of `samples`, one or more; `before` is what is in force, if anything is. */
export function discipline(
  samples: readonly ClockSample[],
  before: Discipline | undefined,
  nowNs: bigint,
  { maxSlew, stepNs }: DisciplineOptions,
): Discipline {
  const latest = samples.at(-1)
  if (latest === undefined) throw new RangeError('samples must be one or more, got none')
  const { frequency, uncertainty, phaseNs } = fit(samples, latest, before?.frequency ?? 0)
  // The fit is finer than a single sample, but must not leave what that one allows.
  const phase = Math.min(Math.max(phaseNs, -latest.maxErrorNs), latest.maxErrorNs)
  const startNs = before === undefined ? nowNs : nowNs + LEAD_NS
  const elapsedNs = startNs - latest.localNs
  const target = latest.timeNs + elapsedNs + BigInt(Math.round(phase + Number(elapsedNs) * frequency))
  const correctionNs = before === undefined ? 0 : Number(target - timeAt(before.segments, startNs))
  const stepped = Math.abs(correctionNs) > stepNs
  const bound = {
    maxErrorNs: latest.maxErrorNs + Math.abs(phase) + (stepped ? 0 : Math.abs(correctionNs)),
    maxErrorRate: uncertainty + WANDER,
    asOfNs: latest.localNs,
    frequency,
    correctionNs,
    stepped,
  }
  const settled: Segment = { fromNs: startNs, timeNs: target, rate: frequency }
  if (before === undefined) return { ...bound, segments: [settled] }
  const until = before.segments.filter(({ fromNs }) => fromNs < startNs)
  const inForce = until.slice(
    Math.max(
      0,
      until.findLastIndex(({ fromNs }) => fromNs <= nowNs),
    ),
  )
  if (stepped) return { ...bound, segments: [...inForce, settled] }
  const slewing: Segment = {
    fromNs: startNs,
    timeNs: timeAt(before.segments, startNs),
    rate: frequency + Math.sign(correctionNs) * maxSlew,
  }
  const endNs = startNs + BigInt(Math.ceil(Math.abs(correctionNs) / maxSlew))
  const after: Segment = { fromNs: endNs, timeNs: timeAt([slewing], endNs), rate: frequency }
  return { ...bound, segments: [...inForce, slewing, after] }
}

interface Fit {
  readonly frequency: number
  /** No frequency that is further off is possible, if it was the same since the first sample. */
  readonly uncertainty: number
  /** How far the line is above the latest sample. */
  readonly phaseNs: number
}

/**
 * The line through the samples, by least squares. What the bounds of all samples have in common, such as the server's
 * root distance, is the same error in each and turns no line; what one has more than the surest has, it waited somewhere,
 * and counts so much less. Of the surest's own bound a quarter is taken to be chance. The root mean square of the error,
 * for 80 fits to 20 s on a machine with other work, bounds from 30 to 2,000 µs: 0.25 ppm, where each sample counts by its
 * whole bound 0.31; where half of the answers waited up to 40 ms and the common bound is 10 ms, 1.6 instead of 13. One sample alone tells no frequency: then it is the `known` one.
 */
function fit(samples: readonly ClockSample[], latest: ClockSample, known: number): Fit {
  const surestNs = Math.max(1, Math.min(...samples.map(({ maxErrorNs }) => maxErrorNs)))
  const points = samples.map(({ localNs, timeNs, maxErrorNs }) => {
    const x = Number(localNs - latest.localNs)
    const chanceNs = surestNs / 4 + Math.max(0, maxErrorNs - surestNs)
    return { x, y: Number(timeNs - latest.timeNs) - x, weight: 1 / chanceNs ** 2 }
  })
  // Where they contradict each other nothing is known for certain.
  const [least, most] = possibleFrequencies(samples, latest) ?? [-MOST_DRIFT, MOST_DRIFT]
  const total = sum(points, ({ weight }) => weight)
  const meanX = sum(points, ({ weight, x }) => weight * x) / total
  const meanY = sum(points, ({ weight, y }) => weight * y) / total
  const spread = sum(points, ({ weight, x }) => weight * (x - meanX) ** 2)
  const slope = spread > 0 ? sum(points, ({ weight, x, y }) => weight * (x - meanX) * (y - meanY)) / spread : known
  const frequency = Math.min(Math.max(slope, least), most)
  return {
    frequency,
    uncertainty: Math.max(most - frequency, frequency - least),
    phaseNs: meanY - frequency * meanX,
  }
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}
