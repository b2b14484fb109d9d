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
import type { EchoFlags } from '../commands/serve.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../exit-code.ts'
import { say } from '../language.ts'
import { moduleFile } from '../module-file.ts'
import { untilStopped } from './until-stopped.ts'

export async function serveEcho(context: Context, flags: EchoFlags): Promise<void> {
  checkTogether(flags)
  const server = await start(context, flags)
  const { host, port } = server
  const at = formatEndpoint({ host, port })
  const { strategy, backlog } = flags
  const bound = strategy === 'bind-only'
  context.tell({ event: bound ? 'bound' : 'listening', host, port, strategy, ...(!bound && { backlog }) }, () => [
    bound
      ? say({ en: `bound to ${at}; nobody listens`, es: `asociado a ${at}; nadie escucha` })
      : say({
          en: `listening on ${at} (${strategy}, backlog ${backlog})`,
          es: `escuchando en ${at} (${strategy}, backlog ${backlog})`,
        }),
  ])
  await untilStopped(context, server)
}

async function start(context: Context, flags: EchoFlags): Promise<RunningServer> {
  const { listen, backlog, strategy, maxConnections } = flags
  const stop = new AbortController()
  const handler = tellingEcho(context, flags, stop)
  const options = { ...listen, backlog, onError: (error: unknown) => context.complain(`plainwire: ${String(error)}`) }
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
          const client = name(remote)
          context.tell({ event: 'connected', client, threadId }, () => [
            say({ en: `thread ${threadId} serves ${client}`, es: `el hilo ${threadId} atiende a ${client}` }),
          ])
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
      context.tell({ event: 'message', client: name(remote), bytes }, () => [
        say({ en: `${name(remote)} sent ${bytes} bytes`, es: `${name(remote)} envió ${bytes} bytes` }),
      ])
    },
  })
  return async (connection) => {
    const client = name(connection.remote)
    context.tell({ event: 'connected', client }, () => [say({ en: `${client} connected`, es: `${client} conectado` })])
    await serve(connection)
    if (connection.bytesRead === 0 && strategy === 'iterative') {
      context.tell({ event: 'empty-message', client }, () => [
        say({ en: `${client} sent an empty message: stopping`, es: `${client} envió un mensaje vacío: paramos` }),
      ])
      stop.abort()
    }
  }
}

const name = (remote: Address): string => formatEndpoint(remote)

function checkTogether({ strategy, messages, maxConnections }: EchoFlags): void {
  if (maxConnections !== undefined && strategy !== 'iterative') {
    throw new UsageError(
      say({
        en: '--max-connections needs --strategy iterative',
        es: '--max-connections necesita --strategy iterative',
      }),
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
