import { quoted } from '@plainwire/socket-utils/errors'
import { defineCommand, type TableGroup } from '../command.ts'
import { parseCount, parseDuration, parseListen, parsePart, parseSigned } from '../flags.ts'
import { type Localized, say } from '../language.ts'

export const STRATEGIES = ['bind-only', 'once', 'iterative', 'concurrent', 'thread-per-client'] as const
export type Strategy = (typeof STRATEGIES)[number]

export interface Listen {
  readonly host: string
  readonly port: number
}

export interface EchoFlags {
  readonly listen: Listen
  readonly strategy: Strategy
  readonly messages?: number
  readonly maxConnections?: number
  readonly backlog: number
}

export const BODY_FAULTS = ['slow', 'truncated', 'closed', 'silent', 'garbage', 'chunked', 'endless'] as const
export type BodyFault = (typeof BODY_FAULTS)[number]

export interface HttpFlags {
  readonly listen: Listen
  readonly fault?: BodyFault
  readonly delay?: number
  readonly status: number
  readonly redirect?: string
}

export interface TimeServerFlags {
  readonly listen: Listen
  readonly skew: number
  readonly drift: number
  readonly drop: number
  readonly delay: number
  readonly stratum: number
  readonly leap: number
  readonly kiss?: string
  readonly rate?: number
}

function listen(port: number) {
  return {
    kind: 'parsed',
    parse: parseListen(port),
    placeholder: say({ en: 'HOST:PORT', es: 'EQUIPO:PUERTO' }),
    default: `127.0.0.1:${port}`,
    brief: say({ en: 'Where; :PORT for one of 127.0.0.1', es: 'Dónde; :PUERTO para uno de 127.0.0.1' }),
  } as const
}

const STOPS: Localized = { en: 'Ends with Ctrl-C, or after --timeout.', es: 'Se termina con Ctrl-C, o tras --timeout.' }
const TIME = say({ en: 'TIME', es: 'TIEMPO' })

const echo = defineCommand<EchoFlags>({
  brief: { en: 'Send back what comes (RFC 862)', es: 'Devuelve lo que llega (RFC 862)' },
  description: {
    en: `bind-only takes the port and does not listen; once serves one client; iterative one after another, the others waiting in the kernel, until --max-connections or a client that finishes without a word; concurrent all in one thread; thread-per-client each in its own. ${STOPS.en}`,
    es: `bind-only toma el puerto y no escucha; once atiende a un cliente; iterative a uno tras otro, con los demás esperando en el núcleo, hasta --max-connections o hasta un cliente que acabe sin decir nada; concurrent a todos en un hilo; thread-per-client a cada uno en el suyo. ${STOPS.es}`,
  },
  usage: { en: '', es: '' },
  examples: ['plainwire serve echo', 'plainwire serve echo --strategy iterative --max-connections 10'],
  output: 'stream',
  flags: {
    listen: listen(8888),
    strategy: {
      kind: 'enum',
      values: STRATEGIES,
      default: 'concurrent',
      brief: say({ en: 'Who is served when', es: 'A quién se atiende y cuándo' }),
    },
    messages: {
      kind: 'parsed',
      parse: parseCount(0),
      optional: true,
      placeholder: 'N',
      brief: say({ en: 'Messages to echo per client', es: 'Mensajes que devuelve por cliente' }),
    },
    maxConnections: {
      kind: 'parsed',
      parse: parseCount(1),
      optional: true,
      placeholder: 'N',
      brief: say({ en: 'Clients to serve, with iterative', es: 'Clientes que atiende, con iterative' }),
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
  load: async () => (await import('../run/serve-echo.ts')).serveEcho,
})

const http = defineCommand<HttpFlags>({
  brief: {
    en: 'An HTTP/1.0 and 1.1 origin, with faults on command',
    es: 'Un origen HTTP/1.0 y 1.1, con fallos a voluntad',
  },
  description: {
    en: `For trying a client: /, /json, /bytes/N, /status/N, /redirect/N, and /echo, which sends the request back. --fault makes every body slow (a byte at a time), truncated, closed (no answer, hung up), silent (no answer), garbage (not HTTP), chunked (in odd chunks, with trailers) or endless. ${STOPS.en}`,
    es: `Para probar un cliente: /, /json, /bytes/N, /status/N, /redirect/N y /echo, que devuelve la petición. --fault hace cada cuerpo slow (lento, byte a byte), truncated (cortado), closed (cuelga sin responder), silent (sin respuesta), garbage (no es HTTP), chunked (en trozos raros y con campos finales, los trailers) o endless (sin fin). ${STOPS.es}`,
  },
  usage: { en: '', es: '' },
  examples: ['plainwire serve http --listen :8080', 'plainwire serve http --fault truncated --delay 200ms'],
  output: 'stream',
  flags: {
    listen: listen(8080),
    fault: {
      kind: 'enum',
      values: BODY_FAULTS,
      optional: true,
      brief: say({ en: 'What is wrong with every answer', es: 'Qué falla en cada respuesta' }),
    },
    delay: {
      kind: 'parsed',
      parse: parseDuration,
      optional: true,
      placeholder: TIME,
      brief: say({ en: 'Wait this long before each answer', es: 'Espera esto antes de cada respuesta' }),
    },
    status: {
      kind: 'parsed',
      parse: parseCount(200, 999),
      default: '200',
      placeholder: 'N',
      brief: say({ en: 'Of the page', es: 'De la página' }),
    },
    redirect: {
      kind: 'parsed',
      parse: parseReference,
      optional: true,
      placeholder: 'URL',
      brief: say({ en: 'Redirect every request there', es: 'Redirige ahí toda petición' }),
    },
  },
  aliases: { l: 'listen' },
  load: async () => (await import('../run/serve-http.ts')).serveOrigin,
})

const time = defineCommand<TimeServerFlags>({
  brief: { en: 'An SNTP server, right or wrong as you like', es: 'Un servidor SNTP, exacto o falso a voluntad' },
  description: {
    en: `Hands out this host’s time, or one that is wrong by --skew and runs off by --drift; loses and delays answers, or refuses with a kiss-o’-death. For trying a client. ${STOPS.en}`,
    es: `Da la hora de este equipo, o una que yerra en --skew y se aleja con --drift; pierde y retrasa respuestas, o rehúsa con un kiss-o’-death. Para probar un cliente. ${STOPS.es}`,
  },
  usage: { en: '', es: '' },
  examples: [
    'plainwire serve time --listen 127.0.0.1:1123',
    'plainwire serve time --skew 250ms --drift 20 --drop 10%',
    'plainwire serve time --kiss DENY',
  ],
  output: 'stream',
  flags: {
    listen: listen(1123),
    skew: {
      kind: 'parsed',
      parse: parseSigned(parseDuration),
      default: '0',
      placeholder: TIME,
      brief: say({ en: 'Ahead by this, or behind: --skew=-2s', es: 'Adelanto, o atraso: --skew=-2s' }),
    },
    drift: {
      kind: 'parsed',
      parse: parseSigned(Number),
      default: '0',
      placeholder: 'PPM',
      brief: say({ en: 'Fast by this, in parts per million', es: 'Lo que adelanta, en partes por millón' }),
    },
    drop: {
      kind: 'parsed',
      parse: parsePart,
      default: '0%',
      placeholder: '%',
      brief: say({ en: 'Part of the requests to ignore', es: 'Proporción de peticiones que ignora' }),
    },
    delay: {
      kind: 'parsed',
      parse: (text: string) => (text === '0' ? 0 : parseDuration(text)),
      default: '0',
      placeholder: TIME,
      brief: say({ en: 'Hold each answer back for this long', es: 'Retiene cada respuesta este tiempo' }),
    },
    stratum: {
      kind: 'parsed',
      parse: parseCount(1, 15),
      default: '1',
      placeholder: 'N',
      brief: say({ en: '1 to 15', es: '1 a 15' }),
    },
    leap: {
      kind: 'parsed',
      parse: parseCount(0, 3),
      default: '0',
      placeholder: 'N',
      brief: say({ en: '1, 2: leap second; 3: not synchronized', es: '1, 2: segundo intercalar; 3: sin sincronizar' }),
    },
    kiss: {
      kind: 'parsed',
      parse: parseKiss,
      optional: true,
      placeholder: say({ en: 'CODE', es: 'CÓDIGO' }),
      brief: say({ en: 'Refuse: DENY, RSTR, RATE, …', es: 'Rehúsa: DENY, RSTR, RATE, …' }),
    },
    rate: {
      kind: 'parsed',
      parse: parseDuration,
      optional: true,
      placeholder: TIME,
      brief: say({ en: 'Refuse who asks more often than this', es: 'Rehúsa a quien pregunta más a menudo' }),
    },
  },
  aliases: { l: 'listen' },
  load: async () => (await import('../run/serve-time.ts')).serveTime,
})

/** What a Location may hold, RFC 9110 §10.2.2: a URL, or a path that leads from the one that was asked for. */
function parseReference(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text) && URL.canParse(text, 'http://host/')) return text
  throw new TypeError(
    say({
      en: `${quoted(text)} is no URL: write http://host/path, or /path`,
      es: `${quoted(text)} no es una URL: escribe http://equipo/ruta, o /ruta`,
    }),
  )
}

function parseKiss(text: string): string {
  if (/^[A-Z]{1,4}$/.test(text)) return text
  throw new TypeError(
    say({
      en: `${quoted(text)} is no kiss code: up to four capitals, such as DENY`,
      es: `${quoted(text)} no es un código: hasta cuatro mayúsculas, como DENY`,
    }),
  )
}

export const serve: TableGroup = {
  kind: 'group',
  brief: say({
    en: 'Servers to try a client against: echo, http, time',
    es: 'Servidores para probar un cliente: echo, http, time',
  }),
  commands: { echo, http, time },
}
