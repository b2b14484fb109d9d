import { expect, test } from 'vitest'
import { bar, plot } from './plot.ts'

const format = (value: number): string => value.toFixed(1)

test('a line in braille: two values to a column, four heights to a row, the scale beside it', () => {
  expect(plot([0, 1, 2, 3, 4, 5, 6, 7], { columns: 20, rows: 2, unicode: true, format })).toEqual([
    '7.0 ┤⠀⠀⡠⠊',
    '0.0 ┤⡠⠊',
  ])
})

test('the same where there is only ASCII', () => {
  expect(plot([0, 1, 2, 1], { columns: 20, rows: 3, unicode: false, format })).toEqual([
    '2.0 |  *',
    '1.0 | * *',
    '0.0 |*',
  ])
})

test('a lost value is a gap, and does not join what stands beside it', () => {
  expect(plot([0, undefined, 2], { columns: 20, rows: 3, unicode: false, format })).toEqual([
    '2.0 |  *',
    '1.0 |',
    '0.0 |*',
  ])
})

test('a jump is a line', () => {
  expect(plot([0, 4], { columns: 20, rows: 5, unicode: false, format }).map((row) => row.slice(5))).toEqual([
    ' *',
    ' *',
    ' *',
    ' *',
    '*',
  ])
})

test('only what fits is shown, the newest of it', () => {
  const rows = plot([9, 9, 1, 1, 1, 1, 2], { columns: 10, rows: 2, unicode: false, format })
  expect(rows).toEqual(['2.0 |    *', '1.0 |****'])
})

test('values that are all the same, and none at all, have a picture', () => {
  expect(plot([2, 2], { columns: 12, rows: 3, unicode: false, format })[1]).toBe('2.0 |**')
  expect(plot([], { columns: 12, rows: 1, unicode: false, format })).toHaveLength(1)
})

test('a bar is never less than a mark and never more than its width', () => {
  expect(bar(0, 0, 4, false)).toBe('=')
  expect(bar(0.5, 1, 4, false)).toBe('  ==')
  expect(bar(1, 1, 4, true)).toBe('   ━')
})
