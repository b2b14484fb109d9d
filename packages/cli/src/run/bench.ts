import { generateLoad, type LoadReport } from '@plainwire/socket-server/load'
import type { BenchFlags } from '../commands/bench.ts'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'
import { bar } from '../output/plot.ts'
import { inUnits } from '../output/progress.ts'

export async function runBench(context: Context, flags: BenchFlags, protocol: string, target: string): Promise<void> {
  const { connections, duration, rate, size } = flags
  const place = target.replace(/^:/, '127.0.0.1:')
  const url =
    protocol === 'http' ? (place.includes('://') ? place : `http://${place}/`) : place.replace(/^echo:/, 'tcp:')
  context.note(
    say({
      en: `${duration / 1000} s on ${connections} connections to ${url}`,
      es: `${duration / 1000} s con ${connections} conexiones a ${url}`,
    }),
  )
  const report = await generateLoad(url, {
    connections,
    durationMs: duration,
    messageBytes: size,
    signal: context.signal,
    ...(rate !== undefined && { rate }),
  })
  context.answer(documentOf(url, report), () => described(report, context))
  context.signal.throwIfAborted()
  if (report.replies === 0) throw new NegativeAnswer(say({ en: `${url}: no reply`, es: `${url}: ninguna respuesta` }))
}

/** JSON has no NaN: what was not measured is null. */
function documentOf(target: string, report: LoadReport): object {
  const plain = JSON.parse(JSON.stringify(report)) as object
  return { target, ...plain }
}

const QUANTILES = ['min', 'p50', 'p90', 'p99', 'p999', 'max'] as const
const SHOWN: Readonly<Record<(typeof QUANTILES)[number], string>> = {
  min: 'min',
  p50: '50 %',
  p90: '90 %',
  p99: '99 %',
  p999: '99.9 %',
  max: 'max',
}

function described(report: LoadReport, { columns, unicode, paint }: Context): string[] {
  const { replies, repliesPerSecond, latency, errors, bytesReceived, durationMs } = report
  const rate = inUnits((bytesReceived / durationMs) * 1000)
  const lines = [
    `${paint('bold', Math.round(repliesPerSecond).toLocaleString('en'))} ${say({ en: 'replies a second', es: 'respuestas por segundo' })}` +
      `  (${replies.toLocaleString('en')} ${say({ en: 'in', es: 'en' })} ${(durationMs / 1000).toFixed(2)} s, ${rate}/s)`,
    '',
    ...latencyLines(latency, columns, unicode, paint),
  ]
  for (const [code, count] of Object.entries(errors)) lines.push('', `${code}: ${count.toLocaleString('en')}`)
  if (report.unsent > 0) {
    lines.push(
      '',
      say({
        en: `${report.unsent} requests were due and not sent`,
        es: `${report.unsent} peticiones no se enviaron a tiempo`,
      }),
    )
  }
  return [...lines, '', limitLine(report)]
}

/** On a scale of powers of ten: a hundredth of a second beside a microsecond is not a hundred screens wide. */
function latencyLines(
  latency: LoadReport['latency'],
  columns: number,
  unicode: boolean,
  paint: Context['paint'],
): string[] {
  if (!Number.isFinite(latency.max)) return []
  const width = Math.max(8, Math.min(columns, 100) - 26)
  const least = Math.log10(Math.max(latency.min, 1e-3)) - 0.3
  const most = Math.log10(Math.max(latency.max, 1e-3))
  return QUANTILES.map((quantile) => {
    const ms = latency[quantile]
    const part = (Math.log10(Math.max(ms, 1e-3)) - least) / (most - least || 1)
    return `${SHOWN[quantile].padStart(7)}  ${paint('cyan', bar(0, part, width, unicode).padEnd(width))} ${ms.toFixed(3).padStart(10)} ms`
  })
}

function limitLine({ limitedBy, generator, omission }: LoadReport): string {
  const busy = Math.round(generator.utilization * 100)
  const limit = {
    generator: say({
      en: `Limited by this generator, busy ${busy} % of the time: the server may do better. Run several.`,
      es: `Limitado por este generador, ocupado el ${busy} % del tiempo: el servidor quizá pueda más. Lanza varios.`,
    }),
    server: say({
      en: `Limited by the server (this generator: ${busy} % busy).`,
      es: `Limitado por el servidor (este generador: ${busy} % ocupado).`,
    }),
    rate: say({ en: 'The server kept up with the rate.', es: 'El servidor siguió el ritmo.' }),
  }[limitedBy]
  const omitted = say({
    en: ' Without --rate a stall does not show in the latency.',
    es: ' Sin --rate, un atasco no se ve en la latencia.',
  })
  return omission === 'none' ? limit : limit + omitted
}
