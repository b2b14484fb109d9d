import { Socket } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { NetworkError } from '@plainwire/socket-utils/errors'
import { listenOperation, type ListenTarget } from './options.ts'

/**
 * Whether an accepted socket can move to another thread: Node 26.6 or newer, or a release that took the feature over.
 * Asks by trying: a Node that can do it refuses a socket without connection with a code of its own.
 */
export function canTransferSockets(): boolean {
  const { port1 } = new MessageChannel()
  const socket = new Socket() // without a descriptor, so there is none to close
  try {
    port1.postMessage(socket, [socket])
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_HANDLE_NOT_TRANSFERABLE'
  } finally {
    port1.close()
  }
}

/** NetworkError `unsupported` if the clients of a target cannot move to another thread, as `who` needs it. */
export function requireSocketTransfer(target: ListenTarget, who: string): void {
  const operation = `${listenOperation(target)}: ${who} needs`
  if ('path' in target) {
    throw new NetworkError('unsupported', `${operation} TCP; no Unix socket can move to a thread`)
  }
  if (canTransferSockets()) return
  const needed = 'Node 26.6 or newer, which can move a socket to another thread'
  throw new NetworkError('unsupported', `${operation} ${needed}; this is ${process.version}`)
}
