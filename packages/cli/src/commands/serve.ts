import { buildCommand, buildRouteMap } from '@stricli/core'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { quoted } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import type { EchoFlags } from '../echo-server.ts'
import { type CommonFlags, lang, parseCount, parseListen } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

const STRATEGIES = ['bind-only', 'once', 'iterative', 'concurrent', 'thread-per-client'] as const

function parseStrategy(text: string): (typeof STRATEGIES)[number] {
  const strategy = STRATEGIES.find((known) => known === text)
  if (strategy !== undefined) return strategy
  const all = STRATEGIES.join(', ')
  throw new TypeError(say({ en: `${quoted(text)} is none of ${all}`, es: `${quoted(text)} no es ninguna de ${all}` }))
}

interface PlaceFlags extends Pick<CommonFlags, 'lang'> {
  readonly listen?: { readonly host: string; readonly port: number }
}

function listen(defaultPort: number) {
  return {
    kind: 'parsed',
    parse: parseListen(defaultPort),
    placeholder: say({ en: 'HOST:PORT', es: 'EQUIPO:PUERTO' }),
    optional: true,
    brief: say({ en: `Where; else 127.0.0.1:${defaultPort}`, es: `Dónde; si no, 127.0.0.1:${defaultPort}` }),
  } as const
}

const echoCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags]', es: '[opciones]' })],
    brief: say({
      en: 'Send back what comes (RFC 862), with a strategy of your choice',
      es: 'Devuelve lo que llega (RFC 862), con la estrategia que elijas',
    }),
    fullDescription: helpText(
      {
        en: 'bind-only takes the port and does not listen; once serves one client; iterative one after another, the others waiting in the kernel, until --max-connections or a client that finishes without a word; concurrent all in one thread; thread-per-client each in its own. Ends with Ctrl-C.',
        es: 'bind-only toma el puerto y no escucha; once atiende a un cliente; iterative a uno tras otro, con los demás esperando en el núcleo, hasta --max-connections o hasta un cliente que acabe sin decir nada; concurrent a todos en un hilo; thread-per-client a cada uno en el suyo. Se termina con Ctrl-C.',
      },
      'plainwire serve echo --strategy iterative --max-connections 10',
    ),
  },
  parameters: {
    flags: {
      lang,
      listen: listen(8888),
      strategy: {
        kind: 'parsed',
        parse: parseStrategy,
        default: 'concurrent',
        placeholder: say({ en: 'strategy', es: 'estrategia' }),
        brief: say({ en: 'Who is served when', es: 'A quién se atiende' }),
      },
      messages: {
        kind: 'parsed',
        parse: parseCount(0),
        optional: true,
        placeholder: 'N',
        brief: say({
          en: 'Messages to echo per client',
          es: 'Mensajes por cliente',
        }),
      },
      maxConnections: {
        kind: 'parsed',
        parse: parseCount(1),
        optional: true,
        placeholder: 'N',
        brief: say({
          en: 'Clients to serve, with iterative',
          es: 'Clientes, con iterative',
        }),
      },
      backlog: {
        kind: 'parsed',
        parse: parseCount(1),
        default: '511',
        placeholder: 'N',
        brief: say({ en: 'How many the kernel lets wait', es: 'Cuántos deja esperar el núcleo' }),
      },
    },
    aliases: { l: 'listen', s: 'strategy', m: 'messages' },
  },
  async func(this: Context, flags: EchoFlags) {
    const { startEcho } = await import('../echo-server.ts')
    await untilStopped(this, await startEcho(this, flags))
  },
})

const httpCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags]', es: '[opciones]' })],
    brief: say({ en: 'An HTTP/1.0 and 1.1 origin with one page', es: 'Un origen HTTP/1.0 y 1.1 con una página' }),
    fullDescription: helpText(
      {
        en: 'For trying out a client. Ends with Ctrl-C.',
        es: 'Para probar un cliente. Se termina con Ctrl-C.',
      },
      'plainwire serve http --listen :8080',
    ),
  },
  parameters: { flags: { lang, listen: listen(8080) }, aliases: { l: 'listen' } },
  async func(this: Context, flags: PlaceFlags) {
    const { startOrigin } = await import('../embedded.ts')
    const server = await startOrigin(flags.listen ?? { port: 8080 }, this.print)
    this.print(`http://${formatEndpoint({ host: server.host, port: server.port })}/`)
    await untilStopped(this, server)
  },
})

const timeCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags]', es: '[opciones]' })],
    brief: say({ en: 'An SNTP server with this host’s time', es: 'Un servidor SNTP con la hora de este equipo' }),
    fullDescription: helpText(
      {
        en: 'For trying out a client. Ends with Ctrl-C.',
        es: 'Para probar un cliente. Se termina con Ctrl-C.',
      },
      'plainwire serve time --listen 127.0.0.1:1123',
    ),
  },
  parameters: { flags: { lang, listen: listen(1123) }, aliases: { l: 'listen' } },
  async func(this: Context, flags: PlaceFlags) {
    const { startTimeServer } = await import('../embedded.ts')
    const server = await startTimeServer(flags.listen ?? { port: 1123 })
    this.print(`ntp://${formatEndpoint({ host: server.host, port: server.port })}`)
    await untilStopped(this, server)
  },
})

export const serveCommand = buildRouteMap({
  routes: { echo: echoCommand, http: httpCommand, time: timeCommand },
  docs: {
    brief: say({
      en: 'Servers to try a client against: echo, http, time',
      es: 'Servidores para probar un cliente: echo, http, time',
    }),
  },
})

const FINISHING = say({
  en: 'Finishing what is open; Ctrl-C again to stop now.',
  es: 'Terminamos lo que está abierto; Ctrl-C otra vez para parar ya.',
})

interface Stoppable extends AsyncDisposable {
  /** Where the server can end by itself. */
  readonly finished?: Promise<unknown>
}

/** Until the server has ended by itself or the person ends it; either way its connections may finish first. */
async function untilStopped(context: Context, server: Stoppable): Promise<void> {
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
  signal.throwIfAborted()
}
