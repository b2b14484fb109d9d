// How many took how long: neighbouring buckets together, until all of them fit on a screen.

import type { LoadReport } from '@plainwire/socket-server/load'
import type { Context } from '../context.ts'
import { bar } from './plot.ts'

type Buckets = LoadReport['histogram']

const MOST_ROWS = 16

/** A row for each range of durations, the shortest first; its end in ms is at the left, its count at the right. */
export function histogram(
  buckets: Buckets,
  { columns, unicode, paint }: Pick<Context, 'columns' | 'unicode' | 'paint'>,
): string[] {
  const rows = inRows(buckets)
  const most = Math.max(...rows.map(({ count }) => count))
  const bounds = rows.map(({ upToUs }) => `< ${(upToUs / 1000).toFixed(3)} ms`)
  const counts = rows.map(({ count }) => count.toLocaleString('en'))
  const [boundWidth, countWidth] = [bounds, counts].map((texts) => Math.max(...texts.map(({ length }) => length)))
  const width = Math.max(8, Math.min(columns, 100) - (boundWidth ?? 0) - (countWidth ?? 0) - 4)
  return rows.map(({ count }, row) => {
    const drawn = count === 0 ? '' : bar(0, count / most, width, unicode)
    return `${bounds[row]?.padStart(boundWidth ?? 0)}  ${paint('cyan', drawn.padEnd(width))}  ${counts[row]?.padStart(countWidth ?? 0)}`
  })
}

function inRows(buckets: Buckets): Buckets {
  const together = Math.ceil(buckets.length / MOST_ROWS)
  const rows: { upToUs: number; count: number }[] = []
  for (const [index, { upToUs, count }] of buckets.entries()) {
    const row = rows.at(-1)
    if (row === undefined || index % together === 0) rows.push({ upToUs, count })
    else Object.assign(row, { upToUs, count: row.count + count })
  }
  return rows
}
