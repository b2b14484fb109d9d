import { stripVTControlCharacters } from 'node:util'

const widthOf = (text: string): number => stripVTControlCharacters(text).length

/** Rows under a heading, each column as wide as its widest cell; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  const numeric = heading.map((_, column) => rows.every((row) => /^(?:[+-]?\d.*)?$/.test(row[column] ?? '')))
  return [heading, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return numeric[column] ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}
