// Counts of durations in classes whose width grows with the value, as HdrHistogram does: 2 KB hold every latency from a
// microsecond to half an hour, none off by more than 1 part in 128.

/** Below it every value has a class of its own; above, each doubling has half as many classes. */
const LINEAR = 256
const BITS = 8
const CLASSES = LINEAR + (31 - BITS) * (LINEAR / 2)

/** So many values below a bound, and not below the bound of the bucket before. */
export interface Bucket {
  readonly below: number
  readonly count: number
}

/** Counts whole numbers, 0 to 2^31 - 1. */
export class Histogram {
  readonly #counts = new Uint32Array(CLASSES)
  #count = 0
  #sum = 0
  #least = Infinity
  #most = 0

  /** Whole units, 0 to 2^31 - 1; what is beyond counts as the most. */
  record(value: number): void {
    const whole = value >= 0x7fff_ffff ? 0x7fff_ffff : value > 0 ? Math.round(value) : 0
    const index = classOf(whole)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count += 1
    this.#sum += whole
    if (whole < this.#least) this.#least = whole
    if (whole > this.#most) this.#most = whole
  }

  get count(): number {
    return this.#count
  }

  /** NaN while nothing was recorded, as with all that follow. */
  get mean(): number {
    return this.#sum / this.#count
  }

  get least(): number {
    return this.#count > 0 ? this.#least : NaN
  }

  get most(): number {
    return this.#count > 0 ? this.#most : NaN
  }

  /** The least value that so many in a hundred do not exceed: the middle of its class, never beyond the most. */
  percentile(percent: number): number {
    let missing = Math.max(1, Math.ceil((percent * this.#count) / 100))
    for (const [index, count] of this.#counts.entries()) {
      missing -= count
      if (missing <= 0) return Math.max(this.#least, Math.min(this.#most, middleOf(index)))
    }
    return NaN
  }

  /**
   * How many values lie below each bound, and not below the one before. There are four bounds to a doubling (…, 64, 80, 96,
   * 112, 128, …; below 4 every whole number), the same for all histograms; the first bucket and the last hold something.
   */
  buckets(): readonly Bucket[] {
    const buckets: { below: number; count: number }[] = []
    for (const [index, count] of this.#counts.entries()) {
      const below = boundAbove(lowestOf(index))
      const last = buckets.at(-1)
      if (last?.below === below) last.count += count
      else buckets.push({ below, count })
    }
    const first = buckets.findIndex(({ count }) => count > 0)
    const last = buckets.findLastIndex(({ count }) => count > 0)
    return first < 0 ? [] : buckets.slice(first, last + 1)
  }
}

function classOf(value: number): number {
  if (value < LINEAR) return value
  // How often the value must be halved to fall into the upper half of the linear part.
  const halvings = 32 - BITS - Math.clz32(value)
  return (value >>> halvings) + halvings * (LINEAR / 2)
}

function lowestOf(index: number): number {
  const halvings = halvingsOf(index)
  return (index - halvings * (LINEAR / 2)) * 2 ** halvings
}

function middleOf(index: number): number {
  return lowestOf(index) + Math.floor(2 ** (halvingsOf(index) - 1))
}

function halvingsOf(index: number): number {
  return index < LINEAR ? 0 : Math.floor(index / (LINEAR / 2)) - 1
}

/** The next quarter of a doubling; every one of them is the border of a class. */
function boundAbove(value: number): number {
  const quarter = value < 4 ? 1 : 2 ** (29 - Math.clz32(value))
  return (Math.floor(value / quarter) + 1) * quarter
}
