// The echo server of the server lessons as one command: who is served when is the strategy's business, what is told of
// it is the same for all.

import {
  type Address,
  bindOnly,
  type Handler,
  type RunningServer,
  serveConcurrently,
  serveIteratively,
  serveOnce,
  serveThreadPerClient,
} from '@plainwire/socket-server'
import { echo } from '@plainwire/socket-server/echo'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from './context.ts'
import { UsageError } from './exit-code.ts'
import type { CommonFlags } from './flags.ts'
import { say } from './language.ts'
import { moduleFile } from './module-file.ts'

export interface EchoFlags extends Pick<CommonFlags, 'lang'> {
  /** Default: the practical's port 8888 on 127.0.0.1. */
  readonly listen?: { readonly host: string; readonly port: number }
  readonly strategy: 'bind-only' | 'once' | 'iterative' | 'concurrent' | 'thread-per-client'
  readonly messages?: number
  readonly maxConnections?: number
  readonly backlog: number
}

export async function startEcho(context: Context, flags: EchoFlags): Promise<RunningServer> {
  checkTogether(flags)
  const server = await start(context, flags)
  const at = formatEndpoint({ host: server.host, port: server.port })
  context.print(
    flags.strategy === 'bind-only'
      ? say({ en: `bound to ${at}; nobody listens`, es: `asociado a ${at}; nadie escucha` })
      : say({
          en: `listening on ${at} (${flags.strategy}, backlog ${flags.backlog})`,
          es: `escuchando en ${at} (${flags.strategy}, backlog ${flags.backlog})`,
        }),
  )
  return server
}

async function start(context: Context, flags: EchoFlags): Promise<RunningServer> {
  const { listen = { host: '127.0.0.1', port: 8888 }, backlog, strategy, maxConnections } = flags
  const stop = new AbortController()
  const handler = tellingEcho(context, flags, stop)
  const options = { ...listen, backlog, onError: (error: unknown) => context.note(`plainwire: ${String(error)}`) }
  switch (strategy) {
    case 'bind-only':
      return bindOnly(listen)
    case 'once':
      return serveOnce(handler, options)
    case 'iterative':
      return serveIteratively(handler, { ...options, signal: stop.signal, totalConnections: maxConnections })
    case 'concurrent':
      return serveConcurrently(handler, options)
    case 'thread-per-client':
      return serveThreadPerClient(moduleFile('@plainwire/socket-server/echo'), {
        ...options,
        onConnection: ({ threadId, remote }) => {
          const client = formatEndpoint(remote)
          context.print(
            say({ en: `thread ${threadId} serves ${client}`, es: `el hilo ${threadId} atiende a ${client}` }),
          )
        },
      })
  }
}

/** Echo that tells who came, what was said and who left; under iterative, a client that says nothing stops the server. */
function tellingEcho(context: Context, { strategy, messages }: EchoFlags, stop: AbortController): Handler {
  const serve = echo({
    messages,
    onMessage: (message, { remote }) => {
      const bytes = message.length
      context.print(say({ en: `${name(remote)} sent ${bytes} bytes`, es: `${name(remote)} envió ${bytes} bytes` }))
    },
  })
  return async (connection) => {
    const client = name(connection.remote)
    context.print(say({ en: `${client} connected`, es: `${client} conectado` }))
    await serve(connection)
    if (connection.bytesRead === 0 && strategy === 'iterative') {
      context.print(
        say({ en: `${client} sent an empty message: stopping`, es: `${client} envió un mensaje vacío: paramos` }),
      )
      stop.abort()
    }
  }
}

const name = (remote: Address): string => formatEndpoint(remote)

function checkTogether({ strategy, messages, maxConnections }: EchoFlags): void {
  if (maxConnections !== undefined && strategy !== 'iterative') {
    throw new UsageError(
      say({ en: '--max-connections needs --strategy iterative', es: '--max-connections pide --strategy iterative' }),
    )
  }
  if (messages !== undefined && (strategy === 'bind-only' || strategy === 'thread-per-client')) {
    throw new UsageError(
      say({
        en: `--messages does not go with --strategy ${strategy}`,
        es: `--messages no va con --strategy ${strategy}`,
      }),
    )
  }
}
