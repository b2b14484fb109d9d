import type { Arrival } from './arrival.ts'
import type { TimerQueue } from './timer-queue.ts'

/** Who connected so shortly before the server drains may just be about to speak. */
const NEWCOMER_MS = 1000

interface Heard {
  readonly bytesRead: number
  readonly arrival: Arrival
}

/**
 * Calls back once all that had reached this machine by now was handed over, and nothing has come since. A client that has
 * only just come, and has said nothing so far, has a second to do so.
 */
export function whenQuiet(link: Heard, timers: TimerQueue, callback: () => void): void {
  const again = (): void => whenQuiet(link, timers, callback)
  const before = link.bytesRead
  const newUntil = link.arrival.acceptedAt + NEWCOMER_MS
  // Two turns of the loop: the one under way may have asked the kernel already, the next one asks for certain.
  const looked = (): void => {
    if (link.bytesRead > before) again()
    else if (before > 0 || performance.now() >= newUntil) callback()
    else timers.schedule({ due: 0, place: -1, expire: again }, newUntil)
  }
  setImmediate(() => setImmediate(looked))
}
