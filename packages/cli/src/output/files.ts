// Files that a person names, `-` being stdout, and why one cannot be had.

import { Unwritable } from '../exit-code.ts'
import { causeOf } from '../failure.ts'
import { type Localized, say } from '../language.ts'

export async function writeFileTo(path: string, text: string): Promise<void> {
  try {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(path === '-' ? '/dev/stdout' : path, text)
  } catch (error) {
    throw new Unwritable(`${path}: ${reasonOf(error)}`)
  }
}

const REASONS: Readonly<Partial<Record<string, Localized>>> = {
  ENOENT: { en: 'no such file or folder', es: 'no existe ese fichero o carpeta' },
  EACCES: { en: 'permission denied', es: 'sin permiso' },
  EISDIR: { en: 'is a folder', es: 'es una carpeta' },
  ENOTDIR: { en: 'a part of the path is no folder', es: 'una parte de la ruta no es una carpeta' },
  ENAMETOOLONG: { en: 'the name is too long', es: 'el nombre es demasiado largo' },
  ENOSPC: { en: 'no space left', es: 'no queda espacio' },
  EROFS: { en: 'the file system is read-only', es: 'el sistema de ficheros es de solo lectura' },
}

/** Why a file, or a program, cannot be had: without its name, which whoever tells it says first. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const known = 'code' in error && typeof error.code === 'string' ? REASONS[error.code] : undefined
  return known ? say(known) : causeOf(error)
}
