import { Socket } from 'node:net'
import { MessageChannel } from 'node:worker_threads'

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
