/** One field line: the name in the case that was sent, the value without the white space around it. */
export type HeaderLine = readonly [name: string, value: string]

/**
 * Field lines in wire order, case and duplicates kept; iterates as `[name, value]`. Names are looked up without regard
 * to case. Not the platform's `Headers`, which sorts, lower-cases and joins.
 */
export class HeaderList implements Iterable<HeaderLine> {
  readonly lines: readonly HeaderLine[]

  constructor(lines: Iterable<HeaderLine> = []) {
    this.lines = [...lines]
  }

  /**
   * The field's value: its lines joined with ", ", as RFC 9110 §5.2 combines them; undefined where there is none.
   * Set-Cookie is the one field that cannot be joined: use `getAll`.
   */
  get(name: string): string | undefined {
    const values = this.getAll(name)
    return values.length === 0 ? undefined : values.join(', ')
  }

  /** The value of each line of that name, in order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.lines.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
  }

  has(name: string): boolean {
    const wanted = name.toLowerCase()
    return this.lines.some(([name]) => name.toLowerCase() === wanted)
  }

  [Symbol.iterator](): Iterator<HeaderLine> {
    return this.lines[Symbol.iterator]()
  }
}
