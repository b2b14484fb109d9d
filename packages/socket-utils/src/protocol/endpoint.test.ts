import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Endpoint, formatEndpoint, parseEndpoint, parsePort } from './endpoint.ts'

describe('parseEndpoint', () => {
  test.each<[string, Endpoint, string?]>([
    ['127.0.0.1:8088', { host: '127.0.0.1', port: 8088 }],
    ['pool.ntp.org:123', { host: 'pool.ntp.org', port: 123 }],
    ['[2001:db8::7]:443', { host: '2001:db8::7', port: 443 }],
    ['[fe80::1%eth0]:8088', { host: 'fe80::1%eth0', port: 8088 }],
    ['[::ffff:192.0.2.5]:25', { host: '::ffff:192.0.2.5', port: 25 }],
    ['http://www.example.com', { scheme: 'http', host: 'www.example.com', port: 80 }, 'http://www.example.com:80'],
    [
      'HTTPS://www.example.com/',
      { scheme: 'https', host: 'www.example.com', port: 443 },
      'https://www.example.com:443',
    ],
    ['ntp://[2001:db8::7]', { scheme: 'ntp', host: '2001:db8::7', port: 123 }, 'ntp://[2001:db8::7]:123'],
    ['echo://localhost', { scheme: 'echo', host: 'localhost', port: 7 }, 'echo://localhost:7'],
    ['daytime://localhost', { scheme: 'daytime', host: 'localhost', port: 13 }, 'daytime://localhost:13'],
    ['tcp://localhost:0', { scheme: 'tcp', host: 'localhost', port: 0 }],
    ['localhost:0065535', { host: 'localhost', port: 65535 }, 'localhost:65535'],
    ['unix:/run/echo.sock', { scheme: 'unix', path: '/run/echo.sock' }],
    ['unix:///run/echo.sock', { scheme: 'unix', path: '/run/echo.sock' }, 'unix:/run/echo.sock'],
    ['unix:echo.sock', { scheme: 'unix', path: 'echo.sock' }],
  ])('%s', (text, endpoint, printed = text) => {
    expect(parseEndpoint(text)).toEqual(endpoint)
    expect(formatEndpoint(endpoint)).toBe(printed)
  })

  test('takes the default port where the text has none, and the scheme’s own before that', () => {
    const port = (text: string): unknown => (parseEndpoint(text, { defaultPort: 8088 }) as { port: number }).port
    expect(port('localhost')).toBe(8088)
    expect(port('2001:db8::7')).toBe(8088)
    expect(port('fe80::1%eth0')).toBe(8088)
    expect(port('[::1]')).toBe(8088)
    expect(port('tcp://localhost')).toBe(8088)
    expect(port('constructor://localhost')).toBe(8088)
    expect(port('ntp://localhost')).toBe(123)
    expect(port('ntp://localhost:1123')).toBe(1123)
    expect(port('localhost:17')).toBe(17)
  })

  test.each(['localhost', '2001:db8::7', 'tcp://localhost', 'constructor://localhost'])('%s has no port', (text) => {
    expect(() => parseEndpoint(text)).toThrow(new TypeError(`no port in "${text}": write host:port`))
  })

  test.each([5, undefined, null])('%j is no text', (value) => {
    expect(() => parseEndpoint(value as unknown as string)).toThrow(
      new TypeError(`an endpoint is text such as host:port, got ${value}`),
    )
  })

  test.each([
    '',
    ':80',
    '[::1',
    '[::1]80',
    '[]:80',
    '[beef]:80',
    '[127.0.0.1]:80',
    'fe80::1%eth0:80',
    '::1:18077',
    'a b:80',
    'user@host:80',
    'host/path:80',
    'http://',
    'http://host/path',
    'http://host?query',
  ])('%j is none', (text) => {
    expect(() => parseEndpoint(text)).toThrow(
      new TypeError(`${JSON.stringify(text)} is no endpoint: write host:port or [v6]:port`),
    )
  })

  test.each(['unix:', 'unix:a\0b'])('%j names no socket', (text) => {
    expect(() => parseEndpoint(text)).toThrow(/^no socket path in "unix:/)
  })

  test.each(['localhost:65536', 'localhost:', 'localhost:-1', 'localhost:0x50', '[::1]:http', 'localhost: 80'])(
    '%s has a bad port',
    (text) => {
      expect(() => parseEndpoint(text)).toThrow(RangeError)
    },
  )

  test('any string gives an endpoint, TypeError or RangeError, and an endpoint reads back what it prints', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z:/[\]%.0-9?#@ ]{0,30}$/),
      fc.string({ unit: 'grapheme' }).map((path) => `unix:${path}`),
    )
    fc.assert(
      fc.property(text, (text) => {
        let endpoint: Endpoint
        try {
          endpoint = parseEndpoint(text, { defaultPort: 17 })
        } catch (error) {
          expect(error instanceof TypeError || error instanceof RangeError, String(error)).toBe(true)
          return
        }
        expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint)
      }),
      { numRuns: 2000 },
    )
  })
})

test('an endpoint of any parts reads back what it prints', () => {
  const zone = fc.constantFrom('', '%eth0', '%12')
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.tuple(fc.ipV6(), zone).map((parts) => parts.join('')),
  )
  const scheme = fc.constantFrom('tcp', 'http', 'ntp', 'x-1+y.z')
  const port = fc.nat(65535)
  const endpoint = fc.oneof(
    fc.record({ host, port }),
    fc.record({ scheme, host, port }),
    fc
      .tuple(fc.constantFrom('', '/', '//', '///', '////run/'), fc.stringMatching(/^[^\0]+$/))
      .map((parts): Endpoint => ({ scheme: 'unix', path: parts.join('') })),
  )
  fc.assert(
    fc.property(endpoint, (endpoint) => {
      expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint)
    }),
    { numRuns: 1000 },
  )
})

describe('parsePort', () => {
  test.each([
    ['0', 0],
    ['80', 80],
    ['65535', 65535],
    ['0080', 80],
  ])('%s', (text, port) => {
    expect(parsePort(text)).toBe(port)
  })

  test.each(['65536', '99999999999', '', '-1', '+80', '8 0', '1e3', '0x50', '٣'])(
    '%j is a RangeError that shows it',
    (text) => {
      expect(() => parsePort(text)).toThrow(new RangeError(`port must be 0 to 65535, got ${JSON.stringify(text)}`))
    },
  )
})
