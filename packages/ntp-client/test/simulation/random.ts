/** The same numbers for the same seed, for ever: a world that failed can be built again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** At least 0, below 1 (mulberry32). */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  between(least: number, most: number): number {
    return least + this.unit() * (most - least)
  }

  /** Every order of magnitude alike. */
  magnitude(least: number, most: number): number {
    return Math.exp(this.between(Math.log(least), Math.log(most)))
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1))
  }

  sign(): 1 | -1 {
    return this.unit() < 0.5 ? 1 : -1
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  bits64(): bigint {
    return (BigInt(this.whole(0, 2 ** 32 - 1)) << 32n) | BigInt(this.whole(0, 2 ** 32 - 1))
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.whole(0, from.length - 1)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
}
