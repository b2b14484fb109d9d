import { expect, test } from 'vitest'
import { judgeMinorities, judgeSplits, seeds } from './judge.ts'

test('60,000 worlds with a lying minority, 30,000 without any majority', () => {
  const minorities = judgeMinorities(seeds(1_000_000, 60_000))
  const splits = judgeSplits(seeds(1_000_000, 30_000))
  process.stdout.write(`lying minorities: ${JSON.stringify(minorities)}\nno majority: ${JSON.stringify(splits)}\n`)
  expect(minorities.worlds).toBe(60_000)
  expect(minorities.agreed).toBeGreaterThan(55_000)
  expect(splits.refused).toBe(30_000)
})
