import { generateLoad, type LoadReport } from '@plainwire/socket-server/load'
import type { BenchFlags } from '../commands/bench.ts'
import type { Context } from '../context.ts'
import { quoted } from '@plainwire/socket-utils/errors'
import { NegativeAnswer, UsageError } from '../exit-code.ts'
import { say } from '../language.ts'
import { histogram } from '../output/histogram.ts'
import { inUnits } from '../output/progress.ts'

export async function runBench(context: Context, flags: BenchFlags, protocol: string, target: string): Promise<void> {
  const { connections, duration, rate, size } = flags
  const place = target.replace(/^:/, '127.0.0.1:')
  const url =
    protocol === 'http' ? (place.includes('://') ? place : `http://${place}`) : place.replace(/^echo:/, 'tcp:')
  const [scheme] = /^[a-z]+(?=:\/\/)/i.exec(place) ?? []
  if (scheme !== undefined && (protocol === 'http') !== /^https?$/i.test(scheme)) {
    const shown = quoted(`${scheme}://`)
    throw new UsageError(say({ en: `${protocol} does not go with ${shown}`, es: `${protocol} no va con ${shown}` }))
  }
  const sockets =
    connections === 1
      ? say({ en: '1 connection', es: '1 conexión' })
      : say({ en: `${connections} connections`, es: `${connections} conexiones` })
  context.note(
    say({ en: `${duration / 1000} s on ${sockets} to ${url}`, es: `${duration / 1000} s con ${sockets} a ${url}` }),
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
  if (report.replies === refusals(report)) {
    throw new NegativeAnswer(
      say({ en: `${url}: every reply was a refusal`, es: `${url}: todas las respuestas fueron negativas` }),
    )
  }
}

/** Replies with a status that says no: `http-503` in the report. */
function refusals({ errors }: LoadReport): number {
  return Object.entries(errors).reduce((sum, [code, count]) => (code.startsWith('http-') ? sum + count : sum), 0)
}

/** JSON has no NaN: what was not measured is null. */
function documentOf(target: string, report: LoadReport): object {
  const plain = JSON.parse(JSON.stringify(report)) as object
  return { target, ...plain }
}

function described(report: LoadReport, context: Context): string[] {
  const { paint } = context
  const { replies, repliesPerSecond, latency, errors, bytesReceived, durationMs } = report
  const rate = inUnits((bytesReceived / durationMs) * 1000)
  const lines = [
    `${paint('bold', Math.round(repliesPerSecond).toLocaleString('en'))} ${say({ en: 'replies a second', es: 'respuestas por segundo' })}` +
      `  (${replies.toLocaleString('en')} ${say({ en: 'in', es: 'en' })} ${(durationMs / 1000).toFixed(2)} s, ${rate}/s)`,
  ]
  if (report.replies > 0) lines.push('', ...histogram(report.histogram, context), '', latencyLine(latency))
  for (const [code, count] of Object.entries(errors)) lines.push('', `${code}: ${count.toLocaleString('en')}`)
  if (report.unsent > 0) {
    lines.push(
      '',
      say({
        en: `due and not sent: ${report.unsent}`,
        es: `no enviadas a tiempo: ${report.unsent}`,
      }),
    )
  }
  if (report.replies > 0) lines.push('', ...limitLines(report))
  return lines
}

/** The smallest, some percentiles and the largest, to three digits: on one line of 80 columns. */
function latencyLine({ min, p50, p90, p99, p999, max }: LoadReport['latency']): string {
  const ms = (value: number): string => `${Number(value.toPrecision(3))}`
  return `min ${ms(min)}  50 % ${ms(p50)}  90 % ${ms(p90)}  99 % ${ms(p99)}  99.9 % ${ms(p999)}  max ${ms(max)} ms`
}

function limitLines({ limitedBy, generator, omission }: LoadReport): string[] {
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
    en: 'Without --rate a stall does not show in the latency.',
    es: 'Sin --rate, un atasco no se ve en la latencia.',
  })
  return omission === 'none' ? [limit] : [limit, omitted]
}
