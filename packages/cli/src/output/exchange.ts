// An HTTP exchange in lines: its head, its steps.

import type { HttpResponse, RequestStep, StoppedExchange } from '@plainwire/http-client'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import type { Context } from '../context.ts'
import { causeOf } from '../failure.ts'
import { say } from '../language.ts'

/** None of an answer in HTTP/0.9, which is all body. */
export function headLines({ version, statusCode, reasonPhrase, headers }: HttpResponse): string[] {
  if (version === '0.9') return []
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

/** The first column of a step's line; in Spanish the words of --timings, in English those of --stop-after. */
const STEPS = {
  create: say({ en: 'create   ', es: 'creación  ' }),
  resolve: say({ en: 'resolve  ', es: 'búsqueda  ' }),
  connect: say({ en: 'connect  ', es: 'conexión  ' }),
  tls: say({ en: 'tls      ', es: 'TLS       ' }),
  send: say({ en: 'send     ', es: 'envío     ' }),
  receive: say({ en: 'receive  ', es: 'respuesta ' }),
} as const

/** Each step as it ends, for --verbose. */
export function noteSteps(step: RequestStep, { detail }: Context): void {
  switch (step.step) {
    case 'create':
      return detail(`${STEPS.create}descriptor ${step.descriptor}`)
    case 'resolve':
      return detail(`${STEPS.resolve}${step.host}: ${step.addresses.map(({ address }) => address).join(' ')}`)
    case 'connect':
      return detail(`${STEPS.connect}${ends(step)}`)
    case 'send':
      return detail(`${STEPS.send}${step.bytesSent} bytes`)
    case 'receive':
      return detail(`${STEPS.receive}${say({ en: 'status', es: 'estado' })} ${step.statusCode}`)
    case 'tls':
      return detail(`${STEPS.tls}${step.error === undefined ? `${step.version} ${step.cipher}` : causeOf(step.error)}`)
    case 'attempt':
      if (step.error !== undefined) detail(`${STEPS.connect}${causeOf(step.error)}`)
  }
}

/** What the steps gave, as far as they went. */
type Steps = { readonly [Name in keyof StoppedExchange<'send'>]?: StoppedExchange<'send'>[Name] | undefined }

export function stepsDocument(steps: Steps): object {
  const { request, ...rest } = steps
  return request === undefined ? rest : { ...rest, request: new TextDecoder().decode(request) }
}

/** A line for each step that was taken; `send` has had all of them. */
export function stepLines(steps: Steps): string[] {
  const { descriptor, addresses, address, port, localAddress, localPort, request, bytesSent } = steps
  const lines = [
    descriptor === undefined
      ? STEPS.create + say({ en: 'with the connection', es: 'al conectar' })
      : `${STEPS.create}descriptor ${descriptor}`,
  ]
  if (addresses) lines.push(`${STEPS.resolve}${addresses.map((found) => found.address).join(' ')}`)
  if (address !== undefined && port !== undefined && localAddress !== undefined && localPort !== undefined) {
    lines.push(`${STEPS.connect}${ends({ address, port, localAddress, localPort })}`)
  }
  if (request) {
    lines.push(`${STEPS.send}${bytesSent} / ${request.length} bytes`, '', ...requestLines(request))
  }
  return lines
}

const requestLines = (request: Uint8Array): string[] => new TextDecoder().decode(request).trimEnd().split('\r\n')

interface Ends {
  readonly address: string
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
}

function ends({ address, port, localAddress, localPort }: Ends): string {
  return `${formatEndpoint({ host: localAddress, port: localPort })} → ${formatEndpoint({ host: address, port })}`
}
