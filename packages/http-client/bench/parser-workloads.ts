import type { MessageKind } from '../test/parser-peers.ts'

export interface Workload {
  readonly name: string
  readonly kind: MessageKind
  /** What each connection receives, read by read. */
  readonly connections: readonly (readonly Buffer[])[]
  readonly ends: boolean
  readonly unit: string
  readonly units: number
}

const SEGMENT = 65536

/** 264 bytes, 8 headers, 13 bytes of content; what varies in life varies. */
const smallResponse = (number: number): string =>
  [
    'HTTP/1.1 200 OK',
    'Server: nginx/1.22.1',
    `Date: Sun, 22 Nov 2026 08:${String(10 + (number % 50))}:37 GMT`,
    'Content-Type: text/plain',
    'Content-Length: 13',
    'Last-Modified: Sat, 21 Nov 2026 07:28:00 GMT',
    'Connection: keep-alive',
    `ETag: "6557e2b0-${number.toString(16).padStart(4, '0')}"`,
    'Accept-Ranges: bytes',
    '',
    'hello, world\n',
  ].join('\r\n')

const browserRequest = (number: number): string =>
  [
    `GET /products/overview?page=${100 + (number % 900)}&sort=price HTTP/1.1`,
    'Host: www.example.com',
    'Connection: keep-alive',
    'Cache-Control: max-age=0',
    'sec-ch-ua: "Chromium";v="142", "Not=A?Brand";v="99"',
    'sec-ch-ua-mobile: ?0',
    'sec-ch-ua-platform: "Linux"',
    'Upgrade-Insecure-Requests: 1',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/142.0 Safari/537.36',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-User: ?1',
    'Sec-Fetch-Dest: document',
    'Referer: https://www.example.com/',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: es-ES,es;q=0.9',
    'Cookie: session=0123456789abcdef',
    'If-None-Match: "6557e2b0"',
    'Priority: u=0, i',
    'DNT: 1',
    '',
    '',
  ].join('\r\n')

function stream(count: number, message: (number: number) => string): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, number) => message(number)).join(''), 'latin1')
}

function cut(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  )
}

function chunkedMebibyte(): Buffer {
  const head = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = Buffer.concat([Buffer.from('1000\r\n'), Buffer.alloc(4096, 'x'), Buffer.from('\r\n')])
  return Buffer.concat([head, ...Array.from({ length: 256 }, () => chunk), Buffer.from('0\r\n\r\n')])
}

const responses = stream(5000, smallResponse)
const requests = stream(2000, browserRequest)
const chunked = chunkedMebibyte()
const oneShot = Buffer.from(smallResponse(1).replace('HTTP/1.1', 'HTTP/1.0').replace('Content-Length', 'X-Length__'))

export const workloads: readonly Workload[] = [
  {
    name: `small keep-alive responses, ${smallResponse(0).length} bytes, 8 headers, reads of 64 KiB`,
    kind: 'response',
    connections: [cut(responses, SEGMENT)],
    ends: false,
    unit: 'message',
    units: 5000,
  },
  {
    name: `browser request, ${browserRequest(0).length} bytes, 20 headers, reads of 64 KiB`,
    kind: 'request',
    connections: [cut(requests, SEGMENT)],
    ends: false,
    unit: 'message',
    units: 2000,
  },
  {
    name: '1 MiB chunked, chunks of 4 KiB, reads of 64 KiB',
    kind: 'response',
    connections: Array.from({ length: 10 }, () => cut(chunked, SEGMENT)),
    ends: false,
    unit: 'MiB',
    units: 10,
  },
  {
    name: 'small keep-alive responses in reads of one byte',
    kind: 'response',
    connections: [cut(stream(400, smallResponse), 1)],
    ends: false,
    unit: 'message',
    units: 400,
  },
  {
    name: 'browser request in reads of one byte',
    kind: 'request',
    connections: [cut(stream(150, browserRequest), 1)],
    ends: false,
    unit: 'message',
    units: 150,
  },
  {
    name: 'a fresh parser for each HTTP/1.0 response, until the peer closes',
    kind: 'response',
    connections: Array.from({ length: 2000 }, () => [oneShot]),
    ends: true,
    unit: 'connection',
    units: 2000,
  },
]
