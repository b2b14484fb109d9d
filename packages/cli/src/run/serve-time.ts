import { randomInt } from 'node:crypto'
import { type Clock, followingClock } from '@plainwire/ntp-client'
import { serveNtp, type Treatment } from '@plainwire/ntp-client/server'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { TimeServerFlags } from '../commands/serve.ts'
import type { Context } from '../context.ts'
import { say } from '../language.ts'
import { untilStopped } from './until-stopped.ts'

export async function serveTime(context: Context, flags: TimeServerFlags): Promise<void> {
  const { listen, skew, drift, stratum, leap, rate } = flags
  await using server = await serveNtp({
    ...listen,
    stratum,
    leap,
    offsetMs: skew,
    clock: drift === 0 ? followingClock() : driftingClock(drift),
    ...(rate && { rateLimit: { intervalMs: rate, burst: 1 } }),
    onRequest: ({ address, port, version }) => {
      const treatment = treat(flags)
      const client = formatEndpoint({ host: address, port })
      context.tell({ event: 'request', client, version, treatment: treatment.kind }, () => [
        say({ en: `${client} asked`, es: `${client} preguntó` }) + told(treatment),
      ])
      return treatment
    },
  })
  const { host, port } = server
  const url = `ntp://${formatEndpoint({ host, port })}`
  context.tell({ event: 'listening', host, port, url }, () => [url])
  await untilStopped(context, server)
}

/** Right now, and off by `ppm` microseconds more every second. */
function driftingClock(ppm: number): Clock {
  const clock = followingClock()
  const startedAt = clock()
  const partsPerBillion = BigInt(Math.round(ppm * 1000))
  return () => {
    const now = clock()
    return now + ((now - startedAt) * partsPerBillion) / 1_000_000_000n
  }
}

function treat({ drop, kiss, delay }: TimeServerFlags): Treatment {
  if (drop > 0 && randomInt(1_000_000) < drop * 1_000_000) return { kind: 'ignore' }
  if (kiss !== undefined) return { kind: 'refuse', kissCode: kiss }
  return delay > 0 ? { kind: 'hold', holdMs: delay } : { kind: 'answer' }
}

function told(treatment: Treatment): string {
  switch (treatment.kind) {
    case 'answer':
      return ''
    case 'ignore':
      return say({ en: ': ignored', es: ': ignorado' })
    case 'hold':
      return say({ en: `: answered ${treatment.holdMs} ms late`, es: `: respondido ${treatment.holdMs} ms tarde` })
    case 'refuse':
      return say({ en: `: refused with ${treatment.kissCode}`, es: `: rehusado con ${treatment.kissCode}` })
  }
}
