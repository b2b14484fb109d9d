import type { Deadlines } from './deadlines.ts'

/** What the clock cannot know by itself. */
export interface ClockState {
  readonly bytesRead: number
  /** Something that was written is not taken yet. */
  readonly blocked: boolean
  /** Silence is the client's: nothing else is waited for. */
  readonly awaitsClient: boolean
}

/** What a link is cut for: `linger` is the end of an orderly close, the others are reasons. */
export type Overdue = 'linger' | 'deadline' | 'slow-reader' | 'idle'

/** The moments of one connection, on performance.now()'s clock, and what they mean under its server's deadlines. */
export class LinkClock {
  readonly acceptedAt: number
  /** Either side's last bytes; or since when the client is waited for. */
  lastActive = performance.now()
  blockedSince = 0
  /** The handler's own deadline. */
  deadlineAt = Infinity
  /** Both are done with each other, and the client has until then to finish its side. */
  lingersUntil = Infinity

  constructor(acceptedAt: number) {
    this.acceptedAt = acceptedAt
  }

  /** When to look again; not before that can anything be overdue, unless it begins later. */
  due({ totalMs, firstByteMs, idleMs, writeMs }: Deadlines, { bytesRead, blocked }: ClockState): number {
    return Math.min(
      this.lingersUntil,
      this.deadlineAt,
      this.acceptedAt + totalMs,
      this.lastActive + (bytesRead === 0 ? Math.min(firstByteMs, idleMs) : idleMs),
      blocked ? this.blockedSince + writeMs : Infinity,
    )
  }

  /** What is overdue now, the most telling one. While nobody waits for the client, its silence does not count. */
  overdue(deadlines: Deadlines, { bytesRead, blocked, awaitsClient }: ClockState, now: number): Overdue | undefined {
    const { totalMs, firstByteMs, idleMs, writeMs } = deadlines
    if (now >= this.lingersUntil) return 'linger'
    if (now >= Math.min(this.acceptedAt + totalMs, this.deadlineAt)) return 'deadline'
    if (blocked) {
      const stuck = now >= this.blockedSince + writeMs || now >= this.lastActive + idleMs
      return stuck ? 'slow-reader' : undefined
    }
    if (!awaitsClient) {
      this.lastActive = now
      return undefined
    }
    if (bytesRead === 0 && now >= this.lastActive + firstByteMs) return 'deadline'
    return now >= this.lastActive + idleMs ? 'idle' : undefined
  }
}
