// How the ten lessons are played whose program asks: what it is given to ask, and what it must print to have shown it.

import { localHostname } from '@plainwire/socket-utils'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { type Embedded, startOrigin, startTimeServer } from '../embedded.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'
import type { Program } from './program.ts'

/** Runs the lesson's program, as often as it takes, and throws NegativeAnswer unless it showed what the lesson says. */
export type Play = (run: (target: string) => Program, signal: AbortSignal) => Promise<void>

/** Fails the lesson unless the output has the pattern; gives what its groups caught. */
export function mustShow(output: string, pattern: RegExp): readonly string[] {
  const match = pattern.exec(output)
  if (match) return match.slice(1)
  throw new NegativeAnswer(say({ en: `it did not print ${pattern}`, es: `no escribió ${pattern}` }))
}

/** The clocks are the same one here, so that the program's time must be ours to within what a busy machine takes. */
function mustBeNow(time: string | undefined): void {
  const apartMs = Math.abs(Date.parse(time ?? '') - Date.now())
  if (apartMs < 5000) return
  throw new NegativeAnswer(say({ en: `${time} is not the time`, es: `${time} no es la hora` }))
}

function asking(target: string, check: (output: string) => void): Play {
  return async (run) => check(await run(target).finished())
}

/** Against a server that goes again with the lesson. */
function askingServer(start: () => Promise<Embedded>, check: (output: string, server: Embedded) => void): Play {
  return async (run) => {
    await using server = await start()
    check(await run(formatEndpoint({ host: server.host, port: server.port })).finished(), server)
  }
}

function askingOrigin(check: (output: string, origin: Embedded) => void): Play {
  return async (run) => {
    await using origin = await startOrigin()
    check(await run(`http://localhost:${origin.port}/`).finished(), origin)
  }
}

export const asks = {
  hostName: asking('', (output) => {
    if (!output.includes(localHostname())) mustShow(output, new RegExp(localHostname()))
  }),

  hostByName: asking('localhost', (output) => mustShow(output, /IPv4 address 127\.0\.0\.1|IPv6 address ::1/)),

  serviceByPort: asking('80/tcp', (output) => mustShow(output, /80\/tcp is http\b/)),

  timeWithLibrary: askingServer(startTimeServer, (output) => {
    mustBeNow(mustShow(output, /time: +(\S+)/)[0])
    mustShow(output, /offset: +-?\d+\.\d+ ms/)
    mustShow(output, /round trip: +\d+\.\d+ ms/)
  }),

  timeByHand: askingServer(startTimeServer, (output) => {
    mustShow(output, /request: +23[0-9a-f]{94}\n/) // version 4, mode 3: a client asks
    mustShow(output, /answer: +24[0-9a-f]{94}\n/) // version 4, mode 4: a server answers
    mustBeNow(mustShow(output, /time: +(\S+)/)[0])
  }),

  createSocket: askingOrigin((output) => mustShow(output, /descriptor \d+|26\.4/)),

  resolve: askingOrigin((output) => mustShow(output, /resolved: .*127\.0\.0\.1/)),

  connect: askingOrigin((output, { port }) =>
    mustShow(output, new RegExp(`connected to: 127\\.0\\.0\\.1\\D+${port}\\b`)),
  ),

  send: askingOrigin((output) => {
    mustShow(output, /GET \/ HTTP\/1\.0/)
    mustShow(output, /sent (\d+) of \1 bytes/)
  }),

  receive: askingOrigin((output) => {
    mustShow(output, /HTTP\/1\.0 200 OK/)
    mustShow(output, /This page came over a raw socket/)
  }),
} as const satisfies Record<string, Play>
