// Real chronyds of which some lie: each falseticker follows an honest one and serves its time with an offset.

import { setTimeout } from 'node:timers/promises'
import { temporaryDirectory, unusedPort, type Peer } from '@plainwire/testing'
import { outcome, startChronydServer } from './chronyd.ts'

export interface Chronyds extends AsyncDisposable {
  readonly honest: readonly string[]
  /** In the order of the offsets asked for. */
  readonly falsetickers: readonly string[]
}

/** With a bound as wide as half a second, as after its first samples, a chronyd that is 50 ms off is no liar. */
const LIAR_IS_SURE_WITHIN_MS = 5

/** Resolves when all serve time. `offsetsSeconds`: one falseticker for each. */
export async function startChronyds(
  program: string,
  honestCount: number,
  offsetsSeconds: readonly number[],
): Promise<Chronyds> {
  const stack = new AsyncDisposableStack()
  try {
    const directory = stack.use(temporaryDirectory())
    const port = await unusedPort()
    const start = (count: number, directive: string): { peer: Peer; server: string } => {
      const address = `127.0.1.${count}`
      const peer = stack.use(startChronydServer(program, directory.path, port, [directive], address))
      return { peer, server: `${address}:${port}` }
    }
    const honest = Array.from({ length: honestCount }, (_, index) => start(index + 1, 'local stratum 2'))
    await Promise.all(honest.map(({ peer, server }) => outcome(peer, server)))
    const falsetickers = offsetsSeconds.map((offset, index) => {
      const source = `server 127.0.1.1 port ${port} offset ${offset} minpoll -4 maxpoll -4 iburst`
      return start(honestCount + index + 1, source)
    })
    await Promise.all(falsetickers.map(({ peer, server }) => sure(peer, server, LIAR_IS_SURE_WITHIN_MS)))
    const names = (all: readonly { server: string }[]): string[] => all.map(({ server }) => server)
    const owned = stack.move()
    return {
      honest: names(honest),
      falsetickers: names(falsetickers),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } finally {
    await stack.disposeAsync()
  }
}

async function sure(peer: Peer, server: string, withinMs: number): Promise<void> {
  for (;;) {
    const { maxErrorMs = Infinity } = await outcome(peer, server, undefined, { samples: 1 })
    if (maxErrorMs < withinMs) return
    await setTimeout(20)
  }
}
