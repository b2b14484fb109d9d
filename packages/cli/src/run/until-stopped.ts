import { NetworkError } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { say } from '../language.ts'

const FINISHING = say({
  en: 'Finishing what is open; Ctrl-C again to stop now.',
  es: 'Terminamos lo que está abierto; Ctrl-C otra vez para parar ya.',
})

export interface Stoppable extends AsyncDisposable {
  /** Where the server can end by itself. */
  readonly finished?: Promise<unknown>
}

/**
 * Until the server has ended by itself, the person ends it, or --timeout does, which is no fault here; its connections
 * may finish first.
 */
export async function untilStopped(context: Context, server: Stoppable): Promise<void> {
  const { signal } = context
  const { promise: interrupted, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (signal.aborted) resolve()
  // A socket that is bound and does not listen keeps no process alive, and waiting for a signal does not either.
  const alive = setInterval(() => {}, 2 ** 30)
  await Promise.race([interrupted, ...(server.finished ? [server.finished] : [])])
  clearInterval(alive)
  const slow = setTimeout(() => context.note(FINISHING), 200)
  await server[Symbol.asyncDispose]()
  clearTimeout(slow)
  if (signal.aborted && !(signal.reason instanceof NetworkError)) throw signal.reason
}
