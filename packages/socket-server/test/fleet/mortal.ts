// Echoes; a client can end the thread, in each of the ways that a mistake in a handler would.

import type { Connection } from '@plainwire/socket-server'

export default async function mortal(connection: Connection): Promise<void> {
  for await (const message of connection) {
    switch (new TextDecoder().decode(message)) {
      case 'exit':
        process.exit(1)
        break
      case 'throw':
        setImmediate(() => {
          throw new Error('nobody catches this')
        })
        break
      case 'terminate':
        void Promise.reject(new Error('nobody looks at this'))
        break
      default:
        await connection.write(message)
    }
  }
}
