// All deadlines of a server behind one timer. A timer for each connection costs half a kilobyte and a call for every
// message; here being active costs nothing: the queue asks when the earliest moment comes, and is told a later one.

/** What waits in the queue, with one moment at a time. */
export interface Timed {
  /** On performance.now()'s clock. The queue's own to write, as is `place`. */
  due: number
  /** Where it stands in the queue; -1 while it is not in it. Begins with -1. */
  place: number
  /** Called at `due` or shortly after; it has left the queue then, and may schedule itself again. */
  expire(now: number): void
}

/** What setTimeout can hold; a longer one would fire at once. */
const MOST_MS = 2 ** 31 - 1

/** One for each thread that serves; empty, it holds no timer. */
export class TimerQueue {
  /** A binary heap: an entry is never due before its parent, at half its place. */
  readonly #heap: Timed[] = []
  #timer: NodeJS.Timeout | undefined
  #firesAt = Infinity

  /** How many wait. */
  get length(): number {
    return this.#heap.length
  }

  /** Puts an entry in, or moves it; Infinity takes it out. */
  schedule(entry: Timed, due: number): void {
    if (due === Infinity) {
      this.cancel(entry)
      return
    }
    const before = entry.place < 0 ? Infinity : entry.due
    entry.due = due
    if (entry.place < 0) entry.place = this.#heap.push(entry) - 1
    if (due < before) this.#rise(entry)
    else this.#sink(entry)
    if (due < this.#firesAt) this.#arm(due)
  }

  cancel(entry: Timed): void {
    if (entry.place < 0) return
    const last = this.#heap.pop() as Timed
    if (last !== entry) {
      this.#put(last, entry.place)
      this.#rise(last)
      this.#sink(last)
    }
    entry.place = -1
    if (this.#heap.length === 0) this.#disarm()
  }

  #expire(): void {
    const now = performance.now()
    this.#firesAt = Infinity
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.cancel(first)
      first.expire(now)
    }
    const next = this.#heap[0]
    if (next !== undefined && next.due < this.#firesAt) this.#arm(next.due)
  }

  #arm(due: number): void {
    clearTimeout(this.#timer)
    this.#firesAt = due
    const delay = Math.min(Math.ceil(Math.max(due - performance.now(), 0)), MOST_MS)
    // Not before the kernel was asked once more: a loop that was held up finds its timers due and what clients have sent
    // meanwhile unread, and whoever has spoken in time must not be cut for silence.
    const afterReading = (): void => void setImmediate(() => this.#expire())
    // Unreferenced: what has a deadline has a socket too, and that keeps the process alive.
    this.#timer = setTimeout(afterReading, delay).unref()
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#firesAt = Infinity
  }

  #rise(entry: Timed): void {
    let place = entry.place
    for (let up = (place - 1) >> 1; place > 0 && entry.due < this.#at(up).due; up = (place - 1) >> 1) {
      this.#put(this.#at(up), place)
      place = up
    }
    this.#put(entry, place)
  }

  #sink(entry: Timed): void {
    const { length } = this.#heap
    let place = entry.place
    for (let down = 2 * place + 1; down < length; down = 2 * place + 1) {
      if (down + 1 < length && this.#at(down + 1).due < this.#at(down).due) down += 1
      if (this.#at(down).due >= entry.due) break
      this.#put(this.#at(down), place)
      place = down
    }
    this.#put(entry, place)
  }

  #at(place: number): Timed {
    return this.#heap[place] as Timed
  }

  #put(entry: Timed, place: number): void {
    this.#heap[place] = entry
    entry.place = place
  }
}
