import { describe, expect, test } from 'vitest'
import { Drops } from './drops.ts'

const dropped = (...datagrams: [string, number][]): Drops<string> => {
  const drops = new Drops<string>()
  for (const [reason, bytes] of datagrams) drops.add(reason, bytes)
  return drops
}

describe('dropped datagrams', () => {
  test.each([
    [dropped(), 'ignored 0 datagrams'],
    [dropped(['too-short', 47]), 'ignored 1 datagram of 47 bytes (too short)'],
    [dropped(['too-short', 47], ['too-short', 47]), 'ignored 2 datagrams of 47 bytes (too short)'],
    [dropped(['too-short', 47], ['too-short', 9], ['too-short', 9]), 'ignored 3 datagrams (too short)'],
    [
      dropped(['wrong-origin', 48], ['too-short', 5], ['wrong-origin', 48]),
      'ignored 3 datagrams (2 wrong origin, 1 too short)',
    ],
    [
      dropped(['zero-timestamp', 48], ['server-clock-backwards', 48]),
      'ignored 2 datagrams of 48 bytes (1 zero timestamp, 1 server clock backwards)',
    ],
  ])('%s', (drops, sentence) => {
    expect(drops.toString()).toBe(sentence)
  })

  test('are counted by reason', () => {
    const drops = dropped(['wrong-origin', 48], ['too-short', 5], ['wrong-origin', 48])
    expect(drops.counts()).toEqual({ 'wrong-origin': 2, 'too-short': 1 })
  })
})
