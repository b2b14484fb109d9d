// Who takes part in bench/accuracy.ts: each gives what it believes this machine's clock to be wrong by, in milliseconds.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { query } from '@plainwire/ntp-client'
import { findProgram, startPeer, unusedPort } from '@plainwire/testing'
import { startChronyd } from '../test/peers/chronyd.ts'

export interface Contender {
  readonly name: string
  /** The smallest step that its answers have: a median of 0 under a tick of 1 ms says little. */
  readonly tick: string
  readonly offsetMs: (host: string, port: number) => Promise<number>
}

export const ours: readonly Contender[] = [
  { name: 'ours, 1 sample', tick: '1 ns', offsetMs: (host, port) => ourOffset(host, port, 1) },
  { name: 'ours, 4 samples', tick: '1 ns', offsetMs: (host, port) => ourOffset(host, port, 4) },
]

async function ourOffset(host: string, port: number, samples: number): Promise<number> {
  const { offsetMs } = await query(`${host}:${port}`, { samples })
  return offsetMs
}

export function chronydOnce(program: string, directory: string): Contender {
  return {
    name: 'chronyd -Q, 4 samples',
    tick: '1 µs',
    offsetMs: async (host, port) => {
      const source = `server ${host} port ${port} iburst minpoll -6 maxpoll -6 maxsamples 4`
      await using chronyd = startChronyd(program, join(directory, 'once.pid'), ['-Q', '-t', '10'], [source])
      const [, seconds] = await chronyd.line(/System clock wrong by (-?[\d.]+) seconds/)
      await chronyd.exited
      return Number(seconds) * 1000
    },
  }
}

/** NTP's own where bench/own-network.ts has started us, else any free one. */
export async function serverPort(): Promise<number> {
  return Number(process.env['PLAINWIRE_NTP_PORT']) || (await unusedPort())
}

/** None where it is not installed, or could not reach the server: it asks port 123 and no other. */
export function ntpdigs(port: number): Contender[] {
  const program = findProgram('ntpdig')
  if (program === undefined || port !== 123) {
    console.log(`ntpdig is left out: it ${program === undefined ? 'is not installed' : 'asks port 123 alone'}`)
    return []
  }
  const ask = async (host: string, samples: number): Promise<number> => {
    await using dug = startPeer(program, ['-j', '-p', String(samples), '-t', '5', host])
    const [, seconds] = await dug.line(/"offset":(-?[\d.]+)/)
    await dug.exited
    return Number(seconds) * 1000
  }
  return [1, 4].map((samples) => ({
    name: `ntpdig, ${samples} sample${samples === 1 ? '' : 's'}`,
    tick: '1 µs',
    offsetMs: (host) => ask(host, samples),
  }))
}

/** Those packages of npm that are installed in `directory`, and the names of those that are not. */
export function npmPeers(directory: string): { found: Contender[]; missing: string[] } {
  const require = createRequire(join(directory, 'package.json'))
  const entries = Object.entries(NPM_PEERS)
  const isThere = (name: string): boolean => existsSync(join(directory, 'node_modules', name))
  return {
    found: entries.filter(([name]) => isThere(name)).flatMap(([name, load]) => load(() => require(name))),
    missing: entries.map(([name]) => name).filter((name) => !isThere(name)),
  }
}

interface NtpTimeSync {
  readonly NtpTimeSync: new (options: object) => { getTime(force: boolean): Promise<{ offset: number }> }
}
interface HapiSntp {
  readonly time: (options: { host: string; port: number; timeout: number }) => Promise<{ t: number }>
}
interface NtpTime {
  readonly Client: new (host: string, port: number, options: object) => { syncTime(): Promise<{ t: number }> }
}
interface NtpClient {
  readonly getNetworkTime: (host: string, port: number, callback: (error: unknown, time: Date | null) => void) => void
}

const NPM_PEERS: Record<string, (load: () => unknown) => Contender[]> = {
  'ntp-time-sync': (load) => {
    const { NtpTimeSync } = load() as NtpTimeSync
    const ask = async (host: string, port: number, options: object): Promise<number> => {
      const sync = new NtpTimeSync({ servers: [`${host}:${port}`], ...options })
      const { offset } = await sync.getTime(true)
      return offset
    }
    return [
      { name: 'ntp-time-sync, default (8)', tick: '1/16 ms', offsetMs: (host, port) => ask(host, port, {}) },
      { name: 'ntp-time-sync, 1 sample', tick: '½ ms', offsetMs: (host, port) => ask(host, port, { sampleCount: 1 }) },
    ]
  },
  '@hapi/sntp': (load) => {
    const { time } = load() as HapiSntp
    return [
      {
        name: '@hapi/sntp',
        tick: '1 ms',
        offsetMs: async (host, port) => (await time({ host, port, timeout: 3000 })).t,
      },
    ]
  },
  'ntp-time': (load) => {
    const { Client } = load() as NtpTime
    const ask = async (host: string, port: number): Promise<number> =>
      (await new Client(host, port, { timeout: 3000 }).syncTime()).t * 1000 // it is in seconds
    return [{ name: 'ntp-time', tick: '1 ms', offsetMs: ask }]
  },
  'ntp-client': (load) => {
    const { getNetworkTime } = load() as NtpClient
    const ask = (host: string, port: number): Promise<number> =>
      new Promise((resolve, reject) => {
        getNetworkTime(host, port, (error, time) => {
          if (time === null) reject(new Error(String(error)))
          else resolve(time.getTime() - Date.now())
        })
      })
    return [{ name: 'ntp-client', tick: '1 ms', offsetMs: ask }]
  },
}
