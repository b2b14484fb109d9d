// Counts of durations in classes whose width grows with the value, as HdrHistogram does: 2 KB hold every latency from a
// microsecond to half an hour, none off by more than 1 part in 128.

/** Below it every value has a class of its own; above, each doubling has half as many classes. */
const LINEAR = 256
const BITS = 8
const CLASSES = LINEAR + (31 - BITS) * (LINEAR / 2)

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
}

function classOf(value: number): number {
  if (value < LINEAR) return value
  // How often the value must be halved to fall into the upper half of the linear part.
  const halvings = 32 - BITS - Math.clz32(value)
  return (value >>> halvings) + halvings * (LINEAR / 2)
}

function middleOf(index: number): number {
  if (index < LINEAR) return index
  const halvings = Math.floor(index / (LINEAR / 2)) - 1
  const lowest = (index - halvings * (LINEAR / 2)) * 2 ** halvings
  return lowest + 2 ** (halvings - 1)
}
