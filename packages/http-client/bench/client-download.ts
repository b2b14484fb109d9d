// A process for each download, since its memory is part of the question.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findProgram } from '@plainwire/testing'
import { DOWNLOAD_BYTES } from './client-nginx.ts'
import { cpuMsOf } from './client-process.ts'
import { show } from './client-table.ts'

const NAMES = [
  'plainwire forEach',
  'plainwire for await',
  'plainwire web stream',
  'node:net without a parser',
  'node:http',
  'undici',
  'fetch',
]
const TIMES = 3

export function download(url: string, programs: string, rounds: number): void {
  const names = NAMES.filter((name) => name !== 'undici' || process.env['PLAINWIRE_HTTP_PEERS'] !== undefined)
  const costs = new Map<string, number[]>(names.map((name) => [name, []]))
  const resident = new Map<string, number[]>(names.map((name) => [name, []]))
  const program = join(programs, 'download.js')
  const curl = findProgram('curl')
  if (curl) costs.set('curl', [])
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const { stdout, stderr } = spawnSync(process.execPath, [program, name, `${url}big`, String(TIMES)], {
        encoding: 'utf8',
      })
      const { bytes, cpuMs, residentMb } = JSON.parse(stdout || stderr) as Record<
        'bytes' | 'cpuMs' | 'residentMb',
        number
      >
      if (bytes !== DOWNLOAD_BYTES * TIMES) throw new Error(`${name}: ${bytes} bytes`)
      costs.get(name)?.push(cpuMs / TIMES)
      resident.get(name)?.push(residentMb)
    }
    if (curl) costs.get('curl')?.push(cpuMsOf([curl, '-q', '-s', '-o', '/dev/null', `${url}big`]))
  }
  show('download of 256 MiB, ms of CPU', costs, 'undici')
  show('the same: MB of memory at most', resident, 'undici')
}
