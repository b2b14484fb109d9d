import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import type { ListenTarget } from './options.ts'

/**
 * A server that was killed leaves its socket file behind, and the next one could not bind: it goes if nobody answers there.
 * Linux says of any other file as well that nobody does: such a one is somebody's, and stays.
 */
export async function replaceStale(target: ListenTarget): Promise<void> {
  if (!('path' in target) || process.platform === 'win32') return
  const { path } = target
  const isStale = await new Promise<boolean>((resolve) => {
    const probe = connect({ path })
    probe.on('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
  if (isStale && (await lstat(path)).isSocket()) await unlink(path)
}
