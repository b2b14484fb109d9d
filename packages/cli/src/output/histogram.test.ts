import { expect, test } from 'vitest'
import { histogram } from './histogram.ts'

const context = { columns: 40, unicode: false, paint: (_: unknown, text: string) => text }

test('a row for each bucket, its end at the left and its count at the right, the longest bar for the most', () => {
  const rows = histogram(
    [
      { upToUs: 64, count: 1 },
      { upToUs: 80, count: 0 },
      { upToUs: 12_288, count: 2000 },
    ],
    context,
  )
  expect(rows).toEqual([
    ' < 0.064 ms  =                         1',
    ' < 0.080 ms                            0',
    '< 12.288 ms  ====================  2,000',
  ])
})

test('more buckets than rows are taken together, and none is lost', () => {
  const buckets = Array.from({ length: 33 }, (_, index) => ({ upToUs: index + 1, count: 1 }))
  const rows = histogram(buckets, context)
  expect(rows).toHaveLength(11)
  expect(rows[0]).toMatch(/^< 0.003 ms +=+ +3$/)
  expect(rows.at(-1)).toMatch(/^< 0.033 ms +=+ +3$/)
})

test('nothing measured is nothing drawn', () => {
  expect(histogram([], context)).toEqual([])
})
