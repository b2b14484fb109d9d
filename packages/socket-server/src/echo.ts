// RFC 862: whatever comes in goes back, until the client finishes.

import type { Connection } from './connection.ts'
import type { Handler } from './handler.ts'
import { wholeNumber } from './options.ts'

/** When an echo ends by itself, and who looks on. */
export interface EchoOptions {
  /** Ends after so many messages; 0 ends at once. Default: only the client ends it. */
  readonly messages?: number | undefined
  /** Called with each message before it goes back. */
  readonly onMessage?: ((message: Uint8Array, connection: Connection) => void) | undefined
}

/** A handler that sends each message back. */
export function echo(options: EchoOptions = {}): Handler {
  const messages = options.messages === undefined ? Infinity : wholeNumber('messages', options.messages, 0, Infinity)
  const { onMessage } = options
  return async (connection) => {
    for (let count = 0; count < messages; count++) {
      const message = await connection.read()
      if (message === undefined) return
      if (onMessage === undefined) {
        await connection.forward(message)
      } else {
        onMessage(message, connection)
        await connection.write(message) // it may be kept
      }
    }
  }
}

/** The module's handler: echo until the client finishes. */
const untilTheClientFinishes: Handler = echo()

export default untilTheClientFinishes
