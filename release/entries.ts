import { readFileSync } from 'node:fs'

export interface Entry {
  /** `.` or `./parser`. */
  readonly subpath: string
  /** False for a worker's file, which is started and not imported. */
  readonly isTyped: boolean
}

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly publishConfig?: { readonly exports?: Manifest['exports'] }
}

/** What a manifest lets people reach, once it is published. */
export function entries(manifest: string): Entry[] {
  const { exports, publishConfig } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest
  return Object.entries(publishConfig?.exports ?? exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, target]) => ({
      subpath,
      isTyped: target !== null && typeof target === 'object' && 'types' in target,
    }))
}
