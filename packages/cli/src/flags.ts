// Flags and operands that several commands share, and how their text becomes a value.

import { type Endpoint, parseEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import { type Language, LANGUAGES, say } from './language.ts'

/** What every command takes. The language is chosen before the flags are read; here it is checked and documented. */
export interface CommonFlags {
  readonly json?: boolean
  readonly lang?: Language
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `500ms`, `2s`, `1.5m`; a bare number is seconds, as curl has it. Gives milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit = 's'] = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m)?$/.exec(text) ?? []
  const durationMs = Number(amount) * (UNITS[unit] ?? NaN)
  if (durationMs > 0 && durationMs <= 2 ** 31 - 1) return durationMs
  const shown = quoted(text)
  throw new RangeError(
    say({ en: `${shown} is no time: write 500ms, 2s or 1m`, es: `${shown} no es un tiempo: escribe 500ms, 2s o 1m` }),
  )
}

/** A whole number within bounds. */
export function parseCount(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const count = /^[0-9]+$/.test(text) ? Number(text) : NaN
    if (count >= least && count <= most) return count
    const range = most === Number.MAX_SAFE_INTEGER ? `${least}, ${least + 1}, …` : `${least} … ${most}`
    throw new RangeError(
      say({
        en: `${quoted(text)} is no whole number, ${range}`,
        es: `${quoted(text)} no es un número entero, ${range}`,
      }),
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

/** `HOST:PORT`, `HOST` or `:PORT` to listen on. */
export function parseListen(defaultPort: number): (text: string) => { host: string; port: number } {
  return (text) => {
    const endpoint: Endpoint = parseEndpoint(text.startsWith(':') ? `127.0.0.1${text}` : text, { defaultPort })
    if ('path' in endpoint) {
      throw new TypeError(say({ en: `${quoted(text)}: write HOST:PORT`, es: `${quoted(text)}: escribe EQUIPO:PUERTO` }))
    }
    return { host: endpoint.host, port: endpoint.port }
  }
}

const DEFAULT_TIMEOUT_MS = 10_000

export const json = {
  kind: 'boolean',
  brief: say({ en: 'Print one JSON document', es: 'Escribe un documento JSON' }),
  optional: true,
  withNegated: false,
} as const

export const timeout = {
  kind: 'parsed',
  parse: parseDuration,
  placeholder: say({ en: 'time', es: 'tiempo' }),
  brief: say({ en: 'Give up after this long', es: 'Abandona tras este tiempo' }),
  default: `${DEFAULT_TIMEOUT_MS / 1000}s`,
} as const

export const lang = {
  kind: 'enum',
  values: LANGUAGES,
  brief: say({ en: 'Language; else the locale', es: 'Idioma; si no, el del sistema' }),
  optional: true,
} as const

/** A name or an address; which of the two, and whether it is one, is for the look-up to say. */
export function parseName(text: string): string {
  if (text !== '') return text
  throw new TypeError(say({ en: '"" is no name', es: '"" no es un nombre' }))
}
