// chronyd on loopback. It never touches this machine's clock (-x).

import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startPeer, type Peer } from '@plainwire/testing'
import { type WireError } from '@plainwire/socket-utils/errors'
import { query, type QueryOptions, type QueryResult } from '../../src/index.ts'

const AS_USER = process.getuid?.() === 0 ? ['-u', 'root'] : ['-U', '-u', userInfo().username]

/** `program` is chronyd, or a command that starts it; `pidFile` keeps several apart. */
export function startChronyd(
  program: string | readonly [string, ...string[]],
  pidFile: string,
  args: readonly string[],
  directives: readonly string[],
): Peer {
  const alone = [`pidfile ${pidFile}`, 'cmdport 0', 'bindcmdaddress /']
  const [first, ...rest] = typeof program === 'string' ? [program] : program
  return startPeer(first, [...rest, '-4', '-x', '-d', ...AS_USER, ...args, ...alone, ...directives])
}

/** One that answers on `address`, which it also asks from: chronyd knows its sources by address alone. */
export function startChronydServer(
  program: string | readonly [string, ...string[]],
  directory: string,
  port: number,
  directives: readonly string[],
  address = '127.0.0.1',
): Peer {
  const own = [`port ${port}`, `bindaddress ${address}`, `bindacqaddress ${address}`, 'allow 127.0.0.0/8']
  return startChronyd(program, join(directory, `${address}-${port}.pid`), [], [...own, ...directives])
}

/** What a query gives once it fails no more with `notYet`: a daemon takes a moment to open its port and find its time. */
export async function outcome(
  chronyd: Peer,
  server: string,
  notYet: readonly string[] = ['connect-refused', 'ntp/unsynchronized'],
  options: QueryOptions = {},
): Promise<Partial<QueryResult & WireError>> {
  for (;;) {
    const found = await query(server, options).catch((error: unknown) => error as WireError)
    if (chronyd.process.exitCode !== null) throw new Error(`chronyd ended:\n${chronyd.output()}`)
    if (!('code' in found && notYet.includes(found.code))) return found
    await setTimeout(20)
  }
}
