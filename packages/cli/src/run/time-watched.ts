import type { QueryResult } from '@plainwire/ntp-client'
import { WireError } from '@plainwire/socket-utils/errors'
import type { TimeFlags } from '../commands/time.ts'
import type { Context } from '../context.ts'
import { causeOf, exitCodeFor } from '../failure.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'
import { signed } from '../output/one-server.ts'
import { plot } from '../output/plot.ts'
import { Picture } from '../output/picture.ts'
import { pause } from '../output/pause.ts'

/** One answer, or that there was none. */
interface Reading {
  readonly at: string
  readonly offsetMs?: number
  readonly delayMs?: number
  readonly error?: { readonly code: string; readonly message: string }
}

/** Asks until it is told to stop, drawing on a terminal and telling line by line elsewhere. */
export async function watchTime(
  context: Context,
  flags: TimeFlags & CommonFlags,
  ask: () => Promise<QueryResult>,
): Promise<void> {
  const readings: Reading[] = []
  using picture = new Picture(context)
  let fault: WireError | undefined
  while (!context.signal.aborted && readings.length < (flags.count ?? Infinity)) {
    if (readings.length > 0 && !(await pause(flags.interval, context.signal))) break
    const at = new Date().toISOString()
    let reading: Reading
    try {
      const { offsetMs, delayMs } = await ask()
      reading = { at, offsetMs, delayMs }
    } catch (error) {
      if (context.signal.aborted || !(error instanceof WireError)) break
      // What cannot get better ends the watch; a lost answer does not.
      if (readings.length === 0 && error.code !== 'timed-out') throw error
      fault = error
      reading = { at, error: { code: error.code, message: causeOf(error) } }
    }
    readings.push(reading)
    if (picture.possible) picture.show(drawn(readings, context))
    else context.tell(reading, () => [lineOf(reading)])
  }
  const summary = summaryOf(readings)
  if (flags.json) context.answer({ readings, ...summary }, () => [])
  picture.leave()
  if (readings.length > 0) context.note(summaryLine(summary))
  context.signal.throwIfAborted()
  if (fault && summary.answers === 0 && exitCodeFor(fault) !== 0) throw fault
}

function lineOf({ at, offsetMs, delayMs, error }: Reading): string {
  if (offsetMs === undefined || delayMs === undefined) return `${at}  ${error?.message ?? ''}`
  return `${at}  ${signed(offsetMs)}  ${say({ en: 'delay', es: 'retardo' })} ${delayMs.toFixed(3)} ms`
}

function drawn(readings: readonly Reading[], { columns, unicode }: Context): string[] {
  const last = readings.at(-1)
  return [
    ...plot(
      // A watch may go on for days; no terminal is wider than this.
      readings.slice(-1000).map(({ offsetMs }) => offsetMs),
      { columns: columns - 1, rows: 8, unicode, format: (ms) => signed(ms) },
    ),
    last === undefined ? '' : lineOf(last).slice(0, columns - 1),
  ]
}

interface Summary {
  readonly answers: number
  readonly lost: number
  readonly meanOffsetMs: number | null
  /** Of the local clock against the server, in parts per million; from the first answer to the last. */
  readonly driftPpm: number | null
}

function summaryOf(readings: readonly Reading[]): Summary {
  const known = readings.flatMap(({ at, offsetMs }) =>
    offsetMs === undefined ? [] : [{ at: Date.parse(at), offsetMs }],
  )
  const [first, last] = [known[0], known.at(-1)]
  const elapsedMs = first && last ? last.at - first.at : 0
  return {
    answers: known.length,
    lost: readings.length - known.length,
    meanOffsetMs: known.length > 0 ? known.reduce((sum, { offsetMs }) => sum + offsetMs, 0) / known.length : null,
    driftPpm: first && last && elapsedMs >= 1000 ? ((last.offsetMs - first.offsetMs) / elapsedMs) * 1e6 : null,
  }
}

function summaryLine({ answers, lost, meanOffsetMs, driftPpm }: Summary): string {
  const mean =
    meanOffsetMs === null ? '' : say({ en: `, mean ${signed(meanOffsetMs)}`, es: `, media ${signed(meanOffsetMs)}` })
  const drift =
    driftPpm === null
      ? ''
      : say({ en: `, drift ${driftPpm.toFixed(1)} ppm`, es: `, deriva ${driftPpm.toFixed(1)} ppm` })
  return say({ en: `${answers} answers, ${lost} lost`, es: `${answers} respuestas, ${lost} perdidas` }) + mean + drift
}
