// A line of values as a picture: braille, two by four dots to a character, or asterisks where there is only ASCII.

const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

export interface PlotOptions {
  /** Columns in all, the scale on the left included. */
  readonly columns: number
  readonly rows: number
  readonly unicode: boolean
  /** How a value of the scale is written. */
  readonly format: (value: number) => string
}

/** The newest value is at the right; an undefined one leaves a gap. */
export function plot(values: readonly (number | undefined)[], options: PlotOptions): string[] {
  const { columns, rows, unicode, format } = options
  const [across, down] = unicode ? [2, 4] : [1, 1]
  // How much fits depends on how wide the scale is, and the scale on what is shown: the widest that may be is left room.
  const room = Math.max(...values.map((value) => (value === undefined ? 0 : format(value).length)), 0)
  const width = Math.max(1, columns - room - 2)
  const shown = values.slice(-width * across)
  const { least, most } = rangeOf(shown)
  const scale = Array.from({ length: rows }, (_, row) => {
    const at = rows === 1 ? 0.5 : 1 - row / (rows - 1)
    return row === 0 || row === rows - 1 || row === (rows - 1) >> 1 ? format(least + (most - least) * at) : ''
  })
  const margin = Math.max(...scale.map((text) => text.length))
  const cells = Array.from({ length: rows }, () => new Uint8Array(width))
  const heightOf = (value: number): number => Math.round((1 - (value - least) / (most - least)) * (rows * down - 1))

  for (const [x, value] of shown.entries()) {
    if (value === undefined) continue
    const y = heightOf(value)
    // From the last value to this one the column is filled, so that a jump is a line and not two dots.
    const before = shown[x - 1]
    const from = before === undefined ? y : heightOf(before)
    const [top, bottom] = from < y ? [Math.min(from + 1, y), y] : [y, Math.max(from - 1, y)]
    for (let dot = top; dot <= bottom; dot++) {
      const row = cells[Math.floor(dot / down)]
      const column = Math.floor(x / across)
      if (row) row[column] = (row[column] ?? 0) | (unicode ? (DOTS[x % 2 === 0 ? 0 : 1][dot % 4] ?? 0) : 1)
    }
  }
  const edge = unicode ? '┤' : '|'
  return cells.map((row, index) => {
    const drawn = unicode
      ? String.fromCodePoint(...Array.from(row, (dots) => 0x2800 + dots)).replace(/\u2800+$/, '')
      : Array.from(row, (dots) => (dots ? '*' : ' '))
          .join('')
          .trimEnd()
    return `${(scale[index] ?? '').padStart(margin)} ${edge}${drawn}`
  })
}

/** Never empty: a line that is flat lies in the middle. */
function rangeOf(values: readonly (number | undefined)[]): { readonly least: number; readonly most: number } {
  const known = values.filter((value) => value !== undefined)
  const [least, most] = known.length === 0 ? [0, 0] : [Math.min(...known), Math.max(...known)]
  return most - least < 1e-9 ? { least: least - 0.5, most: most + 0.5 } : { least, most }
}

/** A bar from `from` to `to`, both 0 to 1, within `width` columns; never less than a mark. */
export function bar(from: number, to: number, width: number, unicode: boolean): string {
  const start = Math.min(width - 1, Math.floor(from * width))
  const end = Math.max(start + 1, Math.round(to * width))
  return ' '.repeat(start) + (unicode ? '━' : '=').repeat(end - start)
}
