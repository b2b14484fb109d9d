import type { Server } from 'node:net'

/**
 * Accepts whoever waits in the backlog at this moment, then stops listening: closing right away would reset them. With
 * clients that go on coming it ends after as many as the backlog can hold.
 */
export function sweepAndClose(server: Server, backlog: number, closed: () => void): void {
  let left = backlog + 1 // the kernel lets one more wait
  let cameInThisTurn = true
  const came = (): void => {
    left -= 1
    cameInThisTurn = true
  }
  server.on('connection', came)
  // A turn of the loop asks the kernel once; the one under way may have asked already, so the first never counts.
  const turn = (): void => {
    if (cameInThisTurn && left > 0) {
      cameInThisTurn = false
      setImmediate(turn)
    } else {
      server.off('connection', came)
      server.close()
      closed()
    }
  }
  setImmediate(turn)
}
