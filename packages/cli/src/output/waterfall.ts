// How long each part of an exchange took, one below the other and where it belongs in time.

import type { Timings } from '@plainwire/http-client'
import type { Context } from '../context.ts'
import { say } from '../language.ts'
import { bar } from './plot.ts'

const PARTS = [
  ['lookup', say({ en: 'look-up', es: 'búsqueda' })],
  ['connect', say({ en: 'connect', es: 'conexión' })],
  ['tls', say({ en: 'TLS', es: 'TLS' })],
  ['send', say({ en: 'send', es: 'envío' })],
  ['firstByte', say({ en: 'first byte', es: 'primer byte' })],
  ['download', say({ en: 'download', es: 'descarga' })],
] as const

export function waterfall(timings: Timings, { columns, unicode, paint }: Context): string[] {
  const known = PARTS.flatMap(([key, name]) => {
    const ms = timings[key]
    return ms === undefined ? [] : [{ name, ms }]
  })
  const whole = timings.total ?? known.reduce((sum, { ms }) => sum + ms, 0)
  const width = Math.max(8, Math.min(columns, 100) - 28)
  let startedAt = 0
  const rows = known.map(({ name, ms }) => {
    const from = startedAt / (whole || 1)
    startedAt += ms
    const drawn = bar(from, startedAt / (whole || 1), width, unicode).padEnd(width)
    return `${name.padEnd(11)} ${paint('cyan', drawn)} ${milliseconds(ms)}`
  })
  // Of one that broke off nobody knows how long it would have taken.
  if (timings.total === undefined) return rows
  return [...rows, `${'total'.padEnd(11)} ${' '.repeat(width)} ${milliseconds(timings.total)}`]
}

const milliseconds = (ms: number): string => `${ms.toFixed(3).padStart(10)} ms`
