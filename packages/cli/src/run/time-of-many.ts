import {
  isNoMajority,
  type NoMajority,
  type QueryResult,
  type ServerFailure,
  synchronize,
  type SynchronizeResult,
} from '@plainwire/ntp-client'
import type { TimeFlags } from '../commands/time.ts'
import type { Context, Style } from '../context.ts'
import { causeOf } from '../failure.ts'
import type { CommonFlags } from '../flags.ts'
import { type Localized, say } from '../language.ts'
import { leapText, serverTime, signed } from '../output/one-server.ts'
import { table } from '../output/table.ts'
import { queryOptions } from './time.ts'

type Verdict = 'survivor' | 'outlier' | 'falseticker' | 'undecided' | 'failed'

const VERDICTS: Readonly<Record<Verdict, readonly [Localized, Style]>> = {
  survivor: [{ en: 'agrees', es: 'de acuerdo' }, 'green'],
  outlier: [{ en: 'far off', es: 'alejado' }, 'yellow'],
  falseticker: [{ en: 'falseticker', es: 'mentiroso' }, 'red'],
  undecided: [{ en: 'no majority', es: 'sin mayoría' }, 'yellow'],
  failed: [{ en: 'no time', es: 'sin hora' }, 'dim'],
}

interface Row {
  readonly server: string
  readonly verdict: Verdict
  readonly offsetMs?: number
  readonly delayMs?: number
  readonly maxErrorMs?: number
  readonly stratum?: number
  readonly referenceId?: string
  readonly error?: { readonly code: string; readonly message: string }
}

export async function timeOfMany(
  context: Context,
  flags: TimeFlags & CommonFlags,
  servers: readonly string[],
): Promise<void> {
  const { authenticator, onExchange: _, ...options } = await queryOptions(context, flags)
  const asked = { ...options, authenticatorFor: () => authenticator ?? undefined }
  const result = await synchronize(servers, asked).catch((error: unknown) => {
    if (isNoMajority(error)) answerUndecided(context, error, servers)
    throw error
  })
  if (flags.trace) {
    const { traceExchange } = await import('../output/trace.ts')
    for (const { result: answer } of [...result.survivors, ...result.outliers, ...result.falsetickers]) {
      for (const exchange of answer.samples) for (const line of traceExchange(exchange)) context.complain(line)
    }
  }
  const rows = rowsOf(result, servers)
  const { offsetMs, maxErrorMs, jitterMs, leap, quorum } = result
  context.answer({ time: serverTime(result), offsetMs, maxErrorMs, jitterMs, leap, quorum, servers: rows }, () => [
    ...tableOf(rows, context),
    '',
    `${say({ en: 'together', es: 'en conjunto' })}  ${context.paint('bold', signed(offsetMs))} ± ${maxErrorMs.toFixed(3)} ms` +
      (leap === 0 ? '' : `  ${leapText(leap)}`),
  ])
}

/** Each says something else: all that can be told is what. */
function answerUndecided(context: Context, { answers, failures, quorum }: NoMajority, asked: readonly string[]): void {
  const rows = inOrder([...answers.map(judged('undecided')), ...failures.map(failed)], asked)
  context.answer({ quorum, servers: rows }, () => tableOf(rows, context))
}

function rowsOf(result: SynchronizeResult, asked: readonly string[]): Row[] {
  const rows = [
    ...result.survivors.map(judged('survivor')),
    ...result.outliers.map(judged('outlier')),
    ...result.falsetickers.map(judged('falseticker')),
    ...result.failures.map(failed),
  ]
  return inOrder(rows, asked)
}

function inOrder(rows: Row[], asked: readonly string[]): Row[] {
  return rows.sort((a, b) => asked.indexOf(a.server) - asked.indexOf(b.server))
}

const judged =
  (verdict: Verdict) =>
  (answer: { server: string; result: QueryResult }): Row => {
    const { offsetMs, delayMs, maxErrorMs, stratum, referenceId } = answer.result
    return { server: answer.server, verdict, offsetMs, delayMs, maxErrorMs, stratum, referenceId }
  }

const failed = ({ server, error }: ServerFailure): Row => ({
  server,
  verdict: 'failed',
  error: { code: error.code, message: causeOf(error) },
})

function tableOf(rows: readonly Row[], context: Context): string[] {
  const headings = [
    say({ en: 'server', es: 'servidor' }),
    say({ en: 'offset', es: 'desfase' }),
    say({ en: 'delay', es: 'retardo' }),
    say({ en: 'stratum', es: 'estrato' }),
    '',
  ]
  const all = rows.map((row) => cells(row, context))
  return table(headings, all)
}

function cells({ server, verdict, offsetMs, delayMs, stratum, referenceId, error }: Row, { paint }: Context): string[] {
  const [word, style] = VERDICTS[verdict]
  const verdictShown = paint(style, say(word))
  if (offsetMs === undefined || delayMs === undefined)
    return [server, '', '', '', `${verdictShown}: ${error?.code ?? ''}`]
  return [server, signed(offsetMs), `${delayMs.toFixed(3)} ms`, `${stratum} (${referenceId})`, verdictShown]
}
