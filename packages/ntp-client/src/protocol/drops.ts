// What arrived and was not the answer. Counted rather than kept, so that a flood costs no memory.

/** Datagrams by the reason for which they were ignored. */
export type DropCounts<Reason extends string> = Readonly<Partial<Record<Reason, number>>>

export class Drops<Reason extends string> {
  readonly #counts = new Map<Reason, number>()
  readonly #sizes = new Set<number>()

  add(reason: Reason, bytes: number): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
    if (this.#sizes.size < 2) this.#sizes.add(bytes)
  }

  counts(): DropCounts<Reason> {
    return Object.fromEntries(this.#counts) as Partial<Record<Reason, number>>
  }

  /** Such as `ignored 1 datagram of 47 bytes (too short)` or `ignored 3 datagrams (1 too short, 2 wrong origin)`. */
  toString(): string {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
    const [bytes, ...otherSizes] = this.#sizes
    const size = bytes !== undefined && otherSizes.length === 0 ? ` of ${bytes} bytes` : ''
    const reasons = [...this.#counts].map(([reason, count]) => {
      const words = reason.replaceAll('-', ' ')
      return this.#counts.size === 1 ? words : `${count} ${words}`
    })
    const because = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
    return `ignored ${total} ${total === 1 ? 'datagram' : 'datagrams'}${size}${because}`
  }
}
