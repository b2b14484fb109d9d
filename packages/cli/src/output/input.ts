// What a person names to be read: a file, a pipe, a device, or stdin, which is `-`.

import { constants, open, readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDeadline } from '@plainwire/socket-utils'
import { NetworkError } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { FileFault } from '../exit-code.ts'
import { say } from '../language.ts'
import { reasonOf } from './files.ts'

/**
 * The whole of it. What is no regular file (a pipe, a device) may have nothing to say for long, or no end: it is read until
 * --timeout.
 */
export async function readInput(path: string, { signal, flags }: Context): Promise<Uint8Array> {
  try {
    if (path !== '-' && (await stat(path)).isFile()) return await readFile(path, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new FileFault(`${path}: ${reasonOf(error)}`)
  }
  const name = path === '-' ? 'stdin' : path
  const expired = (): Error => new NetworkError('timed-out', `read ${name}: timed out after ${flags.timeout} ms`)
  using deadline = startDeadline(flags.timeout ?? 2 ** 31 - 1, signal, expired)
  const pieces = path === '-' ? process.stdin : piecesOf(path, deadline.signal)
  return await gathered(pieces, name, deadline.signal)
}

/** Beyond this it is a mistake, such as /dev/zero, and would take all memory. */
const MOST_BYTES = 2 ** 30

async function gathered(
  source: AsyncIterable<Uint8Array | string>,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let total = 0
  const stop = (): void => void process.stdin.destroy()
  if (source === process.stdin) signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const piece of source) {
      pieces.push(piece as Uint8Array)
      total += piece.length
      if (total > MOST_BYTES) throw new FileFault(say({ en: `${name}: more than 1 GiB`, es: `${name}: más de 1 GiB` }))
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof FileFault ? error : new FileFault(`${name}: ${reasonOf(error)}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return Buffer.concat(pieces)
}

const LOOK_AGAIN_MS = 20

/**
 * Without blocking: what waits in a thread for a pipe's other end can be given up neither by a signal nor by the end of the
 * process. A named pipe that nobody has opened for writing yet looks like one at its end.
 */
async function* piecesOf(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const isNamed = !/^\/(?:dev\/fd|proc)\//.test(path)
  await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const buffer = new Uint8Array(65_536)
  let begun = !(isNamed && (await file.stat()).isFIFO())
  for (;;) {
    signal.throwIfAborted()
    const length = await file.read(buffer).then(
      ({ bytesRead }) => bytesRead,
      (error: NodeJS.ErrnoException) => (error.code === 'EAGAIN' ? undefined : Promise.reject(error)),
    )
    if (length === 0 && begun) return
    if (length) {
      begun = true
      yield buffer.slice(0, length)
    } else await sleep(LOOK_AGAIN_MS, undefined, { signal })
  }
}
