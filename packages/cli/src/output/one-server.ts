// What one NTP server said, for people and for programs.

import type { QueryResult } from '@plainwire/ntp-client'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from '../context.ts'
import { inSpanish } from '../causes-in-spanish.ts'
import { language, say } from '../language.ts'

/** The server's time at this moment, to the millisecond that a Date holds. */
export function serverTime({ offsetMs }: { readonly offsetMs: number }): string {
  return new Date(Date.now() + offsetMs).toISOString()
}

export function oneDocument(result: QueryResult): object {
  const { server, offsetMs, delayMs, maxErrorMs, jitterMs, leap, stratum, referenceId } = result
  const { header, samples, dropped, rootDelayMs, rootDispersionMs, stoppedBy } = result
  return {
    server,
    time: serverTime(result),
    offsetMs,
    maxErrorMs,
    jitterMs,
    delayMs,
    leap,
    stratum,
    referenceId,
    rootDelayMs,
    rootDispersionMs,
    precision: header.precision,
    poll: header.poll,
    version: header.version,
    samples: samples.map(({ offsetNs, delayNs }) => ({
      offsetMs: Number(offsetNs) / 1e6,
      delayMs: Number(delayNs) / 1e6,
    })),
    dropped,
    ...(stoppedBy && { stoppedBy: { code: stoppedBy.code, message: stoppedBy.message } }),
  }
}

export function signed(ms: number, digits = 3): string {
  return `${ms >= 0 ? '+' : ''}${ms.toFixed(digits)} ms`
}

export function oneServer(result: QueryResult, { paint }: Pick<Context, 'paint'>): string[] {
  const { server, offsetMs, maxErrorMs, delayMs, stratum, referenceId, rootDelayMs, rootDispersionMs } = result
  const root = [
    `${say({ en: 'delay', es: 'retardo' })} ${rootDelayMs.toFixed(3)} ms`,
    `${say({ en: 'dispersion', es: 'dispersión' })} ${rootDispersionMs.toFixed(3)} ms`,
  ]
  const rows: [string, string][] = [
    [say({ en: 'server', es: 'servidor' }), formatEndpoint({ host: server.address, port: server.port })],
    [say({ en: 'time', es: 'hora' }), serverTime(result)],
    [say({ en: 'offset', es: 'desfase' }), `${paint('bold', signed(offsetMs))}${direction(offsetMs)}`],
    [say({ en: 'at most off', es: 'error máximo' }), `${maxErrorMs.toFixed(3)} ms`],
    [say({ en: 'delay', es: 'retardo' }), `${delayMs.toFixed(3)} ms`],
    [say({ en: 'stratum', es: 'estrato' }), `${stratum} (${referenceId})`],
    [say({ en: 'root', es: 'raíz' }), root.join(', ')],
    [say({ en: 'leap', es: 'intercalar' }), leapText(result.leap)],
    [say({ en: 'samples', es: 'muestras' }), [result.samples.length, ...dropTexts(result)].join(', ')],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

function direction(offsetMs: number): string {
  if (Math.abs(offsetMs) < 0.5) return ''
  return offsetMs > 0
    ? say({ en: '  our clock is behind', es: '  nuestro reloj va atrasado' })
    : say({ en: '  our clock is ahead', es: '  nuestro reloj va adelantado' })
}

export function leapText(leap: number): string {
  if (leap === 1)
    return say({ en: 'the last minute of the day has 61 seconds', es: 'el último minuto del día tiene 61 segundos' })
  if (leap === 2)
    return say({ en: 'the last minute of the day has 59 seconds', es: 'el último minuto del día tiene 59 segundos' })
  return say({ en: 'no warning', es: 'sin aviso' })
}

/** The code, or what it says where that is not a word of the person's language. */
function reasonShown(reason: string): string {
  return language === 'es' ? inSpanish(`(${reason.replaceAll('-', ' ')})`).slice(1, -1) : reason
}

function dropTexts({ dropped }: QueryResult): string[] {
  const ignored = say({ en: 'ignored', es: 'descartados' })
  return Object.entries(dropped).map(([reason, count]) => `${count} ${ignored} (${reasonShown(reason)})`)
}
