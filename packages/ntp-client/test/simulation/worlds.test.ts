import { expect, test } from 'vitest'
import { judgeMinorities, judgeSplits, seeds } from './judge.ts'

test('in 600 worlds with a lying minority the truth is within the bound, and no honest majority goes unheard', () => {
  const { worlds, agreed } = judgeMinorities(seeds(1, 600))
  expect(worlds).toBe(600)
  expect(agreed).toBeGreaterThan(500) // loss makes a majority of the servers silent in some
})

test('300 worlds in which nobody has a majority are all refused', () => {
  expect(judgeSplits(seeds(1, 300))).toEqual({ worlds: 300, agreed: 0, refused: 300 })
})
