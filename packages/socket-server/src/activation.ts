// Socket activation, sd_listen_fds(3): systemd binds and listens, starts the program when somebody comes, and keeps the
// sockets while the program is replaced, so that no client is refused in between.

import { quoted } from '@plainwire/socket-utils/errors'

/** Fits `listeners`: `serveConcurrently(handler, { listeners: activatedSockets() })`. */
export interface ActivatedSocket {
  readonly fd: number
  /** The unit's FileDescriptorName=; systemd says `unknown` where there is none. */
  readonly name: string
}

const FIRST_FD = 3

/**
 * The sockets that this process was started with, none if it was not or if they are for another process. The variables are
 * taken out of the environment: a program that is started from here must not think they are its own. RangeError for a
 * LISTEN_FDS that is no number.
 */
export function activatedSockets(environment: NodeJS.ProcessEnv = process.env): readonly ActivatedSocket[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count = '0', LISTEN_FDNAMES: names = '' } = environment
  if (pid === undefined || Number(pid) !== process.pid) return []
  if (!/^\d{1,4}$/.test(count)) throw new RangeError(`LISTEN_FDS must be a small number, got ${quoted(count)}`)
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete environment[name]
  const nameOf = names.split(':')
  return Array.from({ length: Number(count) }, (_, index) => ({
    fd: FIRST_FD + index,
    name: nameOf[index] || 'unknown',
  }))
}
