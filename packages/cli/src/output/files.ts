// Files that a person names: read whole, or written whole. `-` is stdin, which is read for that alone.

import { NetworkError } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { FileFault, Unwritable } from '../exit-code.ts'

export async function readInput(path: string, { signal, flags }: Context): Promise<Uint8Array> {
  if (path === '-') {
    const { startDeadline } = await import('@plainwire/socket-utils')
    const expired = (): Error => new NetworkError('timed-out', `read stdin: timed out after ${flags.timeout} ms`)
    using deadline = startDeadline(flags.timeout ?? 2 ** 31 - 1, signal, expired)
    return await readStdin(deadline.signal)
  }
  try {
    const { readFile } = await import('node:fs/promises')
    return await readFile(path, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new FileFault(messageOf(error))
  }
}

export async function writeFileTo(path: string, text: string): Promise<void> {
  try {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(path === '-' ? '/dev/stdout' : path, text)
  } catch (error) {
    throw new Unwritable(messageOf(error))
  }
}

async function readStdin(signal: AbortSignal): Promise<Uint8Array> {
  const { stdin } = process
  const pieces: Uint8Array[] = []
  const stop = (): void => void stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const piece of stdin) pieces.push(piece as Uint8Array)
  } catch (error) {
    signal.throwIfAborted()
    throw new FileFault(`stdin: ${messageOf(error)}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return Buffer.concat(pieces)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
