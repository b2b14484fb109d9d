// A process that fetches one page and ends: what it costs from start to end, and how much of that an empty one costs.

import { join } from 'node:path'
import { findProgram } from '@plainwire/testing'
import { cpuMsOf } from './client-process.ts'
import { show } from './client-table.ts'

export function cold(url: string, programs: string, rounds: number): void {
  const names = ['nothing', 'plainwire', 'node-http', 'fetch']
  if (process.env['PLAINWIRE_HTTP_PEERS'] !== undefined) names.push('undici')
  const commands = new Map<string, string[]>(
    names.map((name) => [name, [process.execPath, join(programs, `${name}.js`), url]]),
  )
  const curl = findProgram('curl')
  if (curl !== undefined) commands.set('curl', [curl, '-q', '-s', url])
  const costs = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of commands) costs.get(name)?.push(cpuMsOf(command))
  }
  show('one page and out, ms of CPU for the whole process', costs, 'nothing')
  const empty = costs.get('nothing') ?? []
  show(
    'the same, more than an empty Node',
    new Map([...costs].map(([name, values]) => [name, values.map((value, round) => value - (empty[round] ?? NaN))])),
    'plainwire',
  )
}
