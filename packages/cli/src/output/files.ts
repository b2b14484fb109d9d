// Files that a person names: read whole, or written whole. `-` is stdin, which is read for that alone.

import { NetworkError } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { FileFault, Unwritable } from '../exit-code.ts'
import { causeOf } from '../failure.ts'
import { type Localized, say } from '../language.ts'

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
    throw new FileFault(`${path}: ${reasonOf(error)}`)
  }
}

export async function writeFileTo(path: string, text: string): Promise<void> {
  try {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(path === '-' ? '/dev/stdout' : path, text)
  } catch (error) {
    throw new Unwritable(`${path}: ${reasonOf(error)}`)
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
    throw new FileFault(`stdin: ${reasonOf(error)}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return Buffer.concat(pieces)
}

const REASONS: Readonly<Partial<Record<string, Localized>>> = {
  ENOENT: { en: 'no such file or folder', es: 'no existe ese fichero o carpeta' },
  EACCES: { en: 'permission denied', es: 'sin permiso' },
  EISDIR: { en: 'is a folder', es: 'es una carpeta' },
  ENOTDIR: { en: 'a part of the path is no folder', es: 'una parte de la ruta no es una carpeta' },
  ENOSPC: { en: 'no space left', es: 'no queda espacio' },
  EROFS: { en: 'the file system is read-only', es: 'el sistema de ficheros es de solo lectura' },
}

/** Why a file, or a program, cannot be had: without its name, which whoever tells it says first. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const known = 'code' in error && typeof error.code === 'string' ? REASONS[error.code] : undefined
  return known ? say(known) : causeOf(error)
}
