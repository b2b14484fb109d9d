// Flags and operands that several commands share, and how their text becomes a value.

import { type Endpoint, parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import { type Language, LANGUAGES, type Localized, say } from './language.ts'

/** `document`: --json prints one. `stream`: --jsonl prints a line for each thing that happens. */
export type Output = 'document' | 'stream' | 'either' | 'text'

/** What every command takes. The language is chosen before the flags are read; here it is checked and documented. */
export interface CommonFlags {
  readonly json?: boolean
  readonly jsonl?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly color?: ColorChoice
  readonly ascii?: boolean
  readonly lang?: Language
  /** Milliseconds. */
  readonly timeout?: number
}

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const
export type ColorChoice = (typeof COLOR_CHOICES)[number]

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `500ms`, `2s`, `1.5m`, `1h`; a bare number is seconds, as curl has it. Gives milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit = 's'] = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const durationMs = Number(amount) * (UNITS[unit] ?? NaN)
  if (durationMs > 0 && durationMs <= 2 ** 31 - 1) return durationMs
  const shown = quoted(text)
  throw new RangeError(
    Number.isFinite(durationMs)
      ? say({
          en: `${shown} cannot be: write a time above 0 and below 24 days`,
          es: `${shown} no puede ser: escribe un tiempo mayor de 0 y menor de 24 días`,
        })
      : say({
          en: `${shown} is no time: write 500ms, 2s, 1m or 1h`,
          es: `${shown} no es un tiempo: escribe 500ms, 2s, 1m o 1h`,
        }),
  )
}

/** With a sign before it: `+250ms`, `-2s`. */
export function parseSigned(parse: (text: string) => number): (text: string) => number {
  return (text) => {
    const [, sign, amount = ''] = /^([+-]?)(.*)$/.exec(text) ?? []
    const value = amount === '0' ? 0 : parse(amount)
    if (Number.isFinite(value) && amount !== '') return sign === '-' ? -value : value
    throw new RangeError(say({ en: `${quoted(text)} is no number`, es: `${quoted(text)} no es un número` }))
  }
}

/** `10%` or `0.1`: 0 to 1. */
export function parsePart(text: string): number {
  const [, amount, percent] = /^([0-9]+(?:\.[0-9]+)?)(%?)$/.exec(text) ?? []
  const part = Number(amount) / (percent === '%' ? 100 : 1)
  if (part >= 0 && part <= 1) return part
  throw new RangeError(
    say({
      en: `${quoted(text)} is no part: write 10% or 0.1`,
      es: `${quoted(text)} no es una proporción: escribe 10% o 0.1`,
    }),
  )
}

/** A whole number within bounds. */
export function parseCount(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const count = /^[0-9]+$/.test(text) ? Number(text) : NaN
    if (count >= least && count <= most) return count
    const range = most === Number.MAX_SAFE_INTEGER ? `${least}, ${least + 1}, …` : `${least} … ${most}`
    throw new RangeError(
      Number.isNaN(count)
        ? say({
            en: `${quoted(text)} is no whole number, ${range}`,
            es: `${quoted(text)} no es un número entero, ${range}`,
          })
        : say({ en: `${quoted(text)} is not among ${range}`, es: `${quoted(text)} no está entre ${range}` }),
    )
  }
}

/** A place to listen on or to ask; stays text, after a check that it is one. */
export function checkedEndpoint(defaultPort: number): (text: string) => string {
  return (text) => {
    const endpoint = parseEndpoint(text, { defaultPort })
    if ('port' in endpoint && endpoint.port === 0) throw new RangeError(`port must be 1 to 65535, got ${quoted(text)}`)
    return text
  }
}

/** `HOST:PORT`, `HOST`, `:PORT` or `PORT` to listen on. */
export function parseListen(defaultPort: number): (text: string) => { host: string; port: number } {
  return (text) => {
    const endpoint: Endpoint = parseEndpoint(text.replace(/^:?([0-9]+)$/, '127.0.0.1:$1'), { defaultPort })
    if ('path' in endpoint) {
      throw new TypeError(say({ en: `${quoted(text)}: write HOST:PORT`, es: `${quoted(text)}: escribe EQUIPO:PUERTO` }))
    }
    return { host: endpoint.host, port: endpoint.port }
  }
}

/** The flags that every command has; `timeoutDefault` is shown and used, or the command takes as long as it takes. */
export function commonFlags(output: Output, timeoutDefault: string | undefined) {
  const json = switchFlag({ en: 'Print one JSON document', es: 'Escribe un documento JSON' })
  const jsonl = switchFlag({ en: 'Print a line of JSON for each thing', es: 'Escribe una línea JSON por cada cosa' })
  return {
    flags: {
      ...((output === 'document' || output === 'either') && { json }),
      ...(output !== 'text' && { jsonl }),
      quiet: switchFlag({ en: 'Nothing on stderr but errors', es: 'Nada en stderr salvo errores' }),
      verbose: switchFlag({ en: 'Each step on stderr, too', es: 'También cada paso, en stderr' }),
      timeout: {
        kind: 'parsed',
        parse: parseDuration,
        placeholder: say({ en: 'TIME', es: 'TIEMPO' }),
        brief: say({
          en: 'Give up after so long: 500ms, 1m, 2 (s)',
          es: 'Abandona tras este tiempo: 500ms, 1m, 2 (s)',
        }),
        ...(timeoutDefault === undefined ? { optional: true } : { default: timeoutDefault }),
      },
      color: {
        kind: 'enum',
        values: COLOR_CHOICES,
        default: 'auto',
        brief: say({ en: 'Colours; NO_COLOR is heeded', es: 'Colores; se atiende a NO_COLOR' }),
      },
      ascii: switchFlag({ en: 'Pictures in plain ASCII', es: 'Dibujos en ASCII' }),
      lang: {
        kind: 'enum',
        values: LANGUAGES,
        brief: say({ en: 'Language; else the locale', es: 'Idioma; si no, el del sistema' }),
        optional: true,
      },
    },
    aliases: {
      q: 'quiet',
      v: 'verbose',
      t: 'timeout',
      ...(output === 'document' || output === 'either' ? { j: 'json' } : {}),
    },
  } as const
}

/** A flag that is there or not. */
export function switchFlag(brief: Localized) {
  return { kind: 'boolean', brief: say(brief), optional: true, withNegated: false } as const
}

/** A name or an address; which of the two, and whether it is one, is for the look-up to say. */
export function parseName(text: string): string {
  if (text !== '') return text
  throw new TypeError(say({ en: '"" is no name', es: '"" no es un nombre' }))
}
