import type { StopAfter } from '@plainwire/http-client'
import { quoted } from '@plainwire/socket-utils/errors'
import { defineCommand } from '../command.ts'
import { parseCount, switchFlag } from '../flags.ts'
import { say } from '../language.ts'

export interface GetFlags {
  readonly method?: string
  readonly head?: boolean
  readonly header?: readonly (readonly [name: string, value: string])[]
  readonly data?: string
  readonly output?: string
  readonly include?: boolean
  readonly fail?: boolean
  readonly location?: boolean
  readonly maxRedirects: number
  readonly insecure?: boolean
  readonly compressed?: boolean
  readonly proxy?: string
  readonly unixSocket?: string
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  readonly http: '0.9' | '1.0' | '1.1'
  readonly stopAfter?: StopAfter
  readonly timings?: boolean
  readonly trace?: boolean
  readonly har?: string
}

const FILE = say({ en: 'FILE', es: 'FICHERO' })

export const get = defineCommand<GetFlags, [url?: string]>({
  brief: {
    en: 'Fetch a page over a raw socket, or stop after a step',
    es: 'Trae una página por un socket, o se detiene tras un paso',
  },
  description: {
    en: 'Creates a socket, resolves the host, connects, sends an HTTP request and prints the body of the response. --stop-after ends it earlier and prints what the steps gave; --timings draws how long each took, in place of the body unless --output takes that; --trace shows every byte on stderr. Without URL, a server of our own on 127.0.0.1.',
    es: 'Crea un socket, resuelve el nombre, conecta, envía una petición HTTP y escribe el cuerpo de la respuesta. --stop-after se detiene antes y escribe lo que dieron los pasos; --timings dibuja cuánto tardó cada uno, en lugar del cuerpo salvo que --output lo guarde; --trace muestra cada byte en stderr. Sin URL, un servidor propio en 127.0.0.1.',
  },
  usage: { en: '[URL]', es: '[URL]' },
  examples: [
    'plainwire get http://example.com/ --timings',
    'plainwire get http://example.com/ --stop-after connect',
    "plainwire get :8080/echo -H 'Content-Type: text/plain' -d hola",
    'plainwire get --trace --include',
  ],
  output: 'document',
  flags: {
    method: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: say({ en: 'METHOD', es: 'MÉTODO' }),
      brief: say({ en: 'Else GET, or POST with --data', es: 'Si no, GET, o POST con --data' }),
    },
    head: switchFlag({ en: 'Ask for the head alone, and print it', es: 'Pide solo la cabecera y la escribe' }),
    header: {
      kind: 'parsed',
      parse: parseHeader,
      optional: true,
      variadic: true,
      placeholder: say({ en: "'NAME: VALUE'", es: "'NOMBRE: VALOR'" }),
      brief: say({ en: 'Send this, too; may be repeated', es: 'Envía también esto; se puede repetir' }),
    },
    data: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: say({ en: 'DATA|@FILE|@-', es: 'DATOS|@FICHERO|@-' }),
      brief: say({ en: 'Send this as the body', es: 'Envía esto como cuerpo' }),
    },
    output: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: FILE,
      brief: say({ en: 'Write the body there', es: 'Escribe ahí el cuerpo' }),
    },
    include: switchFlag({ en: 'Print the head of the response, too', es: 'Escribe también la cabecera' }),
    fail: switchFlag({
      en: 'No body, and exit code 22, from 400 on',
      es: 'Sin cuerpo, y sale con 22, desde 400',
    }),
    location: switchFlag({ en: 'Follow redirects', es: 'Sigue las redirecciones' }),
    maxRedirects: {
      kind: 'parsed',
      parse: parseCount(1, 100),
      default: '10',
      placeholder: 'N',
      brief: say({ en: 'With --location, at most', es: 'Con --location, como mucho' }),
    },
    insecure: switchFlag({ en: 'Accept any certificate', es: 'Acepta cualquier certificado' }),
    compressed: switchFlag({
      en: 'Ask for compressed content, and undo it',
      es: 'Pide contenido comprimido y lo descomprime',
    }),
    proxy: {
      kind: 'parsed',
      parse: parseProxy,
      optional: true,
      placeholder: say({ en: 'http://HOST:PORT', es: 'http://EQUIPO:PUERTO' }),
      brief: say({ en: 'Go through this proxy', es: 'Pasa por este proxy' }),
    },
    unixSocket: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: say({ en: 'PATH', es: 'RUTA' }),
      brief: say({ en: 'Connect to this Unix socket', es: 'Conecta con este socket Unix' }),
    },
    ipv4: switchFlag({ en: 'IPv4 alone; also -4', es: 'Solo IPv4; también -4' }),
    ipv6: switchFlag({ en: 'IPv6 alone; also -6', es: 'Solo IPv6; también -6' }),
    http: {
      kind: 'enum',
      values: ['0.9', '1.0', '1.1'],
      default: '1.0',
      brief: say({ en: 'The version to speak', es: 'La versión que se habla' }),
    },
    stopAfter: {
      kind: 'enum',
      values: ['create', 'resolve', 'connect', 'send'],
      optional: true,
      brief: say({ en: 'Go only so far', es: 'Llega solo hasta ahí' }),
    },
    timings: switchFlag({ en: 'Draw how long each step took', es: 'Dibuja cuánto tardó cada paso' }),
    trace: switchFlag({ en: 'Every byte, as curl --trace-ascii', es: 'Cada byte, como curl --trace-ascii' }),
    har: {
      kind: 'parsed',
      parse: String,
      optional: true,
      placeholder: FILE,
      brief: say({ en: 'Write an HTTP archive there', es: 'Escribe ahí un archivo HTTP (HAR)' }),
    },
  },
  aliases: {
    X: 'method',
    I: 'head',
    H: 'header',
    d: 'data',
    o: 'output',
    i: 'include',
    f: 'fail',
    L: 'location',
    k: 'insecure',
    x: 'proxy',
  },
  operands: [
    {
      name: { en: 'URL', es: 'URL' },
      brief: {
        en: 'http[s]://host[:port]/path, or :port/path of this host',
        es: 'http[s]://equipo[:puerto]/ruta, o :puerto/ruta de este equipo',
      },
      completes: 'host',
      parse: parseUrl,
      optional: true,
    },
  ],
  timeout: '30s',
  load: async () => (await import('../run/get.ts')).runGet,
})

/** `:8080/path` is this host's, and `host/path` means what it does to a browser that knows no TLS. */
async function parseUrl(text: string): Promise<string> {
  const { parseHttpUrl } = await import('@plainwire/http-client')
  if (/^:[0-9]+(?:[/?]|$)/.test(text)) return parseHttpUrl(`http://127.0.0.1${text}`).href
  return parseHttpUrl(/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:[/?]|$)/i.test(text) ? `http://${text}` : text).href
}

function parseHeader(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):[ \t]*(.*)$/.exec(text) ?? []
  if (name !== undefined && value !== undefined) return [name, value]
  throw new TypeError(
    say({
      en: `${quoted(text)} is no header: write 'Name: value'`,
      es: `${quoted(text)} no es una cabecera: escribe 'Nombre: valor'`,
    }),
  )
}

/** Looked at here for the sake of the message: `proxy.example:3128` is what people write elsewhere. */
function parseProxy(text: string): string {
  if (/^http:\/\//i.test(text)) return text
  // Not as it is: there may be a password in it.
  const shown = quoted(text.replace(/^.*@/, '…@'))
  throw new TypeError(
    say({
      en: `${shown} is no proxy: write http://host:port`,
      es: `${shown} no es un proxy: escribe http://equipo:puerto`,
    }),
  )
}
