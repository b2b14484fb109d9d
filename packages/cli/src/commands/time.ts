import { buildCommand } from '@stricli/core'
import type { QueryResult } from '@plainwire/ntp-client'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from '../context.ts'
import { startTimeServer, targetOr } from '../embedded.ts'
import { type CommonFlags, checkedEndpoint, json, lang, parseCount, timeout } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

interface Flags extends CommonFlags {
  readonly samples: number
  readonly trace?: boolean
  readonly timeout: number
}

export const timeCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags] [SERVER]', es: '[opciones] [SERVIDOR]' })],
    brief: say({
      en: 'The time of an NTP server, and how far off our clock is',
      es: 'La hora de un servidor NTP, y cuánto se desvía nuestro reloj',
    }),
    fullDescription: helpText(
      {
        en: 'Asks the server several times and keeps the answer with the least delay. A positive offset means that the local clock is behind: add it. Without SERVER, a server of our own on 127.0.0.1.',
        es: 'Pregunta varias veces y se queda con la respuesta de menor retardo. Un desfase positivo dice que el reloj local va atrasado: súmalo. Sin SERVIDOR, uno propio en 127.0.0.1.',
      },
      'plainwire time pool.ntp.org --trace',
    ),
  },
  parameters: {
    flags: {
      json,
      lang,
      timeout,
      samples: {
        kind: 'parsed',
        parse: parseCount(1, 64),
        placeholder: 'N',
        default: '4',
        brief: say({ en: 'How often to ask', es: 'Cuántas veces preguntar' }),
      },
      trace: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: say({
          en: 'Show every byte of each exchange, on stderr',
          es: 'Muestra cada byte de cada intercambio, en stderr',
        }),
      },
    },
    aliases: { n: 'samples', t: 'timeout' },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: checkedEndpoint(123),
          placeholder: say({ en: 'SERVER', es: 'SERVIDOR' }),
          brief: 'HOST, HOST:PORT, [V6]:PORT, ntp://HOST',
          optional: true,
        },
      ],
    },
  },
  async func(this: Context, flags: Flags, server?: string) {
    const { query } = await import('@plainwire/ntp-client')
    await using target = await targetOr(server, startTimeServer, String, this)
    const result = await query(target.text, { samples: flags.samples, timeoutMs: flags.timeout, signal: this.signal })
    if (flags.trace) {
      const { traceExchange } = await import('../output/trace.ts')
      for (const exchange of result.samples) for (const line of traceExchange(exchange)) this.note(line)
    }
    if (flags.json) this.print(JSON.stringify(toJson(result), undefined, 2))
    else for (const line of describe(result)) this.print(line)
  },
})

/** The server's time at this moment, to the millisecond that a Date holds. */
function serverTime({ offsetMs }: QueryResult): string {
  return new Date(Date.now() + offsetMs).toISOString()
}

function toJson(result: QueryResult): object {
  const { server, offsetMs, delayMs, leap, stratum, referenceId, rootDelayMs, rootDispersionMs } = result
  const { header, samples, dropped } = result
  return {
    server,
    time: serverTime(result),
    offsetMs,
    delayMs,
    leap,
    stratum,
    referenceId,
    rootDelayMs,
    rootDispersionMs,
    precision: header.precision,
    samples: samples.map(({ offsetNs, delayNs }) => ({
      offsetMs: Number(offsetNs) / 1e6,
      delayMs: Number(delayNs) / 1e6,
    })),
    dropped,
  }
}

function describe(result: QueryResult): string[] {
  const { server, offsetMs, delayMs, stratum, referenceId, rootDelayMs, rootDispersionMs, leap, samples } = result
  const root = [
    `${say({ en: 'delay', es: 'retardo' })} ${rootDelayMs.toFixed(3)} ms`,
    `${say({ en: 'dispersion', es: 'dispersión' })} ${rootDispersionMs.toFixed(3)} ms`,
  ]
  const rows: [string, string][] = [
    [say({ en: 'server', es: 'servidor' }), formatEndpoint({ host: server.address, port: server.port })],
    [say({ en: 'time', es: 'hora' }), serverTime(result)],
    [say({ en: 'offset', es: 'desfase' }), `${offsetMs >= 0 ? '+' : ''}${offsetMs.toFixed(3)} ms`],
    [say({ en: 'delay', es: 'retardo' }), `${delayMs.toFixed(3)} ms`],
    [say({ en: 'stratum', es: 'estrato' }), `${stratum} (${referenceId})`],
    [say({ en: 'root', es: 'raíz' }), root.join(', ')],
    [say({ en: 'leap', es: 'segundo intercalar' }), leapText(leap)],
    [say({ en: 'samples', es: 'muestras' }), [samples.length, ...dropTexts(result)].join(', ')],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

function leapText(leap: number): string {
  if (leap === 1)
    return say({ en: 'the last minute of the day has 61 seconds', es: 'el último minuto del día tiene 61 segundos' })
  if (leap === 2)
    return say({ en: 'the last minute of the day has 59 seconds', es: 'el último minuto del día tiene 59 segundos' })
  return say({ en: 'no warning', es: 'sin aviso' })
}

function dropTexts({ dropped }: QueryResult): string[] {
  const ignored = say({ en: 'ignored', es: 'descartados' })
  return Object.entries(dropped).map(([reason, count]) => `${count} ${ignored} (${reason})`)
}
