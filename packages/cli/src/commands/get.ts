import { buildCommand } from '@stricli/core'
import { get, type HttpResponse, parseHttpUrl, type StopAfter, type StoppedExchange } from '@plainwire/http-client'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from '../context.ts'
import { startOrigin, targetOr } from '../embedded.ts'
import { type CommonFlags, json, lang, timeout } from '../flags.ts'
import { helpText } from '../help.ts'
import { say } from '../language.ts'

interface Flags extends CommonFlags {
  readonly include?: boolean
  readonly http: '1.0' | '1.1'
  readonly stopAfter?: StopAfter
  readonly timeout: number
}

export const getCommand = buildCommand({
  docs: {
    customUsage: [say({ en: '[flags] [URL]', es: '[opciones] [URL]' })],
    brief: say({
      en: 'Fetch a page over a raw socket, or stop after a step',
      es: 'Trae una página por un socket, o para tras un paso',
    }),
    fullDescription: helpText(
      {
        en: 'Creates a socket, resolves the host, connects, sends an HTTP/1.0 request and prints the body of the response. --stop-after ends it earlier and prints what the steps gave. Without URL, a server of our own on 127.0.0.1.',
        es: 'Crea un socket, resuelve el nombre, conecta, envía una petición HTTP/1.0 y escribe el cuerpo de la respuesta. --stop-after para antes y escribe lo que dieron los pasos. Sin URL, un servidor propio en 127.0.0.1.',
      },
      'plainwire get http://example.com/ --stop-after connect',
    ),
  },
  parameters: {
    flags: {
      json,
      lang,
      timeout,
      include: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: say({ en: 'Print the head of the response, too', es: 'Escribe también la cabecera' }),
      },
      http: {
        kind: 'enum',
        values: ['1.0', '1.1'],
        default: '1.0',
        brief: say({ en: 'The version to speak', es: 'La versión que se habla' }),
      },
      stopAfter: {
        kind: 'enum',
        values: ['create', 'resolve', 'connect', 'send'],
        optional: true,
        brief: say({ en: 'Go only so far', es: 'Llega solo hasta ahí' }),
      },
    },
    aliases: { i: 'include', t: 'timeout' },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: (text) => parseHttpUrl(text).href,
          placeholder: 'URL',
          brief: 'http://host[:port]/path',
          optional: true,
        },
      ],
    },
  },
  async func(this: Context, flags: Flags, url?: string) {
    await using target = await targetOr(url, startOrigin, (origin) => `http://${origin}/`, this)
    const options = { version: flags.http, timeoutMs: flags.timeout, signal: this.signal }
    if (flags.stopAfter !== undefined) {
      const steps = await get(target.text, { ...options, stopAfter: flags.stopAfter })
      if (flags.json) this.print(JSON.stringify(stepsToJson(steps), undefined, 2))
      else for (const line of describeSteps(steps)) this.print(line)
      return
    }
    await using response = await get(target.text, options)
    if (flags.json) {
      this.print(JSON.stringify(await responseToJson(response), undefined, 2))
      return
    }
    if (flags.include) for (const line of describeHead(response)) this.print(line)
    for await (const bytes of response.body) await this.write(bytes)
  },
})

function describeHead({ version, statusCode, reasonPhrase, headers }: HttpResponse): string[] {
  return [
    `HTTP/${version} ${statusCode} ${printable(reasonPhrase)}`.trimEnd(),
    ...[...headers].map(([name, value]) => `${name}: ${printable(value)}`),
    '',
  ]
}

/** Bytes 0x80 to 0x9f are text to HTTP and commands to some terminals. */
function printable(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (control) => `\\x${control.charCodeAt(0).toString(16)}`)
}

async function responseToJson(response: HttpResponse): Promise<object> {
  const { version, statusCode, reasonPhrase, headers } = response
  const body = await response.text()
  const { address, port } = response.exchange
  return { version, statusCode, reasonPhrase, headers: [...headers], body, address, port, timings: response.timings }
}

/** What the steps gave, as far as they went. */
type Steps = { readonly [Name in keyof StoppedExchange<'send'>]?: StoppedExchange<'send'>[Name] | undefined }

function stepsToJson(steps: Steps): object {
  const { request, ...rest } = steps
  return request === undefined ? rest : { ...rest, request: new TextDecoder().decode(request) }
}

/** A line for each step that was taken; `send` has had all of them. */
function describeSteps(steps: Steps): string[] {
  const { descriptor, addresses, address, port, localAddress, localPort, request, bytesSent } = steps
  const lines = [
    descriptor === undefined
      ? say({ en: 'create   with the connection', es: 'create   al conectar' })
      : `create   descriptor ${descriptor}`,
  ]
  if (addresses) lines.push(`resolve  ${addresses.map((found) => found.address).join(' ')}`)
  if (address !== undefined && port !== undefined && localAddress !== undefined && localPort !== undefined) {
    const [from, to] = [
      formatEndpoint({ host: localAddress, port: localPort }),
      formatEndpoint({ host: address, port }),
    ]
    lines.push(`connect  ${from} → ${to}`)
  }
  if (request) {
    const bytes = say({ en: 'bytes', es: 'bytes' })
    lines.push(
      `send     ${bytesSent} / ${request.length} ${bytes}`,
      '',
      ...new TextDecoder().decode(request).trimEnd().split('\r\n'),
    )
  }
  return lines
}
