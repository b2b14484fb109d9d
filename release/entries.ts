import { readFileSync } from 'node:fs'

export interface Entry {
  /** `.` or `./parser`. */
  readonly subpath: string
  /** Its declarations, from the package's folder. Undefined for a worker's file, which is started and not imported. */
  readonly types: string | undefined
}

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly publishConfig?: { readonly exports?: Manifest['exports'] }
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

/** What a manifest lets people reach, once it is published. */
export function entries(manifest: string): Entry[] {
  const { exports, publishConfig } = readManifest(manifest)
  return Object.entries(publishConfig?.exports ?? exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, target]) => ({ subpath, types: (target as { readonly types?: string } | null)?.types }))
}
