// Messages to begin with. The NTP ones are of an exchange on loopback; the HTTP ones are chosen for what they show.

import type { Localized } from './language.ts'
import { parseBytes } from './message-text.ts'

export type Protocol = 'ntp' | 'response' | 'request'

export interface Sample {
  readonly id: string
  readonly title: Localized
  readonly protocol: Protocol
  readonly bytes: Uint8Array
}

const NTP_ANSWER =
  '24 02 06 e9 00 00 01 9a 00 00 02 3c c0 a8 01 0a ee ad 90 11 4d 2c 8a 00 56 4e 75 4a 11 37 1e 02 ee ad 94 79 4e e6 6b 1d ee ad 94 79 4e f7 3b a5'
const NTP_REQUEST = `23${' 00'.repeat(39)} 56 4e 75 4a 11 37 1e 02`
const NTP_KISS =
  '24 00 0a e9 00 00 00 00 00 00 00 00 52 41 54 45 00 00 00 00 00 00 00 00 56 4e 75 4a 11 37 1e 02 ee ad 94 79 4e e6 6b 1d ee ad 94 79 4e f7 3b a5'

export const SAMPLES: readonly Sample[] = [
  sample('ntp-answer', 'ntp', { en: 'NTP: a server’s answer', es: 'NTP: respuesta de un servidor' }, NTP_ANSWER),
  sample('ntp-request', 'ntp', { en: 'NTP: a client’s request', es: 'NTP: pregunta de un cliente' }, NTP_REQUEST),
  sample(
    'ntp-kiss',
    'ntp',
    { en: 'NTP: a refusal (kiss-o’-death)', es: 'NTP: una negativa (kiss-o’-death)' },
    NTP_KISS,
  ),
  text(
    'http-chunked',
    'response',
    { en: 'HTTP: a chunked response', es: 'HTTP: respuesta por trozos (chunked)' },
    'HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 16:00:00 GMT\r\nTransfer-Encoding: chunked\r\nTrailer: Expires\r\n\r\n4\r\nWiki\r\nC;name=value\r\npedia, plain\r\n0\r\nExpires: now\r\n\r\n',
  ),
  text(
    'http-pipeline',
    'response',
    { en: 'HTTP: two responses on one connection', es: 'HTTP: dos respuestas en una conexión' },
    'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n',
  ),
  text(
    'http-request',
    'request',
    { en: 'HTTP: a POST with a body', es: 'HTTP: un POST con cuerpo' },
    'POST /notes HTTP/1.1\r\nHost: www.example.com\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"text":"hola"}',
  ),
  text(
    'http-smuggling',
    'request',
    { en: 'HTTP: refused, two lengths (smuggling)', es: 'HTTP: rechazada, dos longitudes (smuggling)' },
    'POST / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
  ),
  text(
    'http-bad-chunk',
    'response',
    { en: 'HTTP: refused, a bad chunk size', es: 'HTTP: rechazada, mal tamaño de trozo' },
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n0x1\r\n!\r\n0\r\n\r\n',
  ),
]

function sample(id: string, protocol: Protocol, title: Localized, hexText: string): Sample {
  return { id, protocol, title, bytes: parseBytes(hexText, 'hex') }
}

function text(id: string, protocol: Protocol, title: Localized, wire: string): Sample {
  return { id, protocol, title, bytes: new TextEncoder().encode(wire) }
}
