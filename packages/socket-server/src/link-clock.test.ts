import { describe, expect, test } from 'vitest'
import { readDeadlines } from './deadlines.ts'
import { type ClockState, LinkClock } from './link-clock.ts'

const deadlines = readDeadlines({ firstByteMs: 300, idleMs: 500, writeMs: 700, totalMs: 10_000 })
const talking: ClockState = { bytesRead: 1, blocked: false, awaitsClient: true }

/** Accepted at 1000 and last active at 2000, as far as nothing else is said. */
function clock(moments: Partial<LinkClock> = {}): LinkClock {
  return Object.assign(new LinkClock(1000), { lastActive: 2000 }, moments)
}

describe('when a connection must be looked at, and what is overdue then', () => {
  test.each<[string, Partial<LinkClock>, Partial<ClockState>, number, string | undefined]>([
    ['silence', {}, {}, 2500, 'idle'],
    ['silence from the beginning', {}, { bytesRead: 0 }, 2300, 'deadline'],
    ['a client that takes nothing', { blockedSince: 1700 }, { blocked: true }, 2400, 'slow-reader'],
    ['a client that neither takes nor sends', { blockedSince: 1900 }, { blocked: true }, 2500, 'slow-reader'],
    ['the handler’s own deadline', { deadlineAt: 2100 }, {}, 2100, 'deadline'],
    ['the total', { lastActive: 10_900 }, {}, 11_000, 'deadline'],
    ['a client that does not finish', { lingersUntil: 2050 }, { bytesRead: 0 }, 2050, 'linger'],
  ])('%s', (_, moments, state, due, overdue) => {
    const all = { ...talking, ...state }
    expect(clock(moments).due(deadlines, all)).toBe(due)
    expect(clock(moments).overdue(deadlines, all, due)).toBe(overdue)
    expect(clock(moments).overdue(deadlines, all, due - 1)).toBeUndefined()
  })

  test('silence does not count while nobody waits for the client, and begins anew after that', () => {
    for (const bytesRead of [0, 1]) {
      const working = clock()
      expect(working.overdue(deadlines, { bytesRead, blocked: false, awaitsClient: false }, 5000)).toBeUndefined()
      expect(working.lastActive).toBe(5000)
    }
  })

  test('without deadlines there is nothing to look for', () => {
    const none = readDeadlines()
    expect(none.handshakeMs).toBe(10_000)
    expect(clock().due(none, talking)).toBe(Infinity)
    expect(clock().overdue(none, talking, 1e12)).toBeUndefined()
  })
})
