// What `dissect` says of packets and messages, beside what tshark says of the same ones, field by field.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeWithPeer, runProgram, temporaryDirectory } from '@plainwire/testing'
import { httpDocument } from '../../src/output/http-messages.ts'
import { ntpDocument } from '../../src/output/ntp-fields.ts'
import { checked } from '../schemas.ts'
import { captureOf, type Packet } from './capture.ts'

type Layer = { readonly [Name in string]?: string | readonly string[] | Layer }

const NTP_PACKETS = 10_000
const HTTP_MESSAGES = 1_000

describeWithPeer('tshark', 'dissect, beside tshark', (tshark) => {
  function layers(protocol: string, packets: readonly Packet[], preferences: readonly string[]): Layer[] {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'packets.pcap')
    writeFileSync(file, captureOf(packets))
    const text = runProgram(tshark, ['-r', file, '-T', 'json', '--no-duplicate-keys', '-J', protocol, ...preferences])
    const read = JSON.parse(text) as { _source: { layers: Record<string, Layer> } }[]
    return read.map(({ _source }) => _source.layers[protocol] ?? {})
  }

  test(`${NTP_PACKETS} NTP packets`, () => {
    // Modes 6 and 7 are other protocols. What follows the header is nothing, or a key's number and an MD5 or SHA1 digest.
    const packet = fc
      .tuple(
        fc.tuple(fc.nat(3), fc.constantFrom(3, 4), fc.nat(5)),
        fc.constantFrom(0, 1, 2, 3, 15, 16, 255),
        fc.uint8Array({ minLength: 46, maxLength: 46 }),
        fc.constantFrom(0, 20, 24),
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
      )
      .map(([[leap, version, mode], stratum, rest, trailer, mac]) =>
        Uint8Array.of((leap << 6) | (version << 3) | mode, stratum, ...rest, ...mac.subarray(0, trailer)),
      )
    const payloads = fc.sample(packet, { numRuns: NTP_PACKETS, seed: 42 })
    const packets = payloads.map((payload): Packet => ({ transport: 'udp', from: 40_000, to: 123, payload }))
    const theirs = layers('ntp', packets, [])
    expect(theirs).toHaveLength(NTP_PACKETS)
    for (const [index, payload] of payloads.entries()) {
      const ours = checked('dissect', ntpDocument(payload))
      expect(inTsharksWords(ours as Ours), `packet ${index}`).toEqual(ofTshark(theirs[index] ?? {}))
    }
  })

  test(`${HTTP_MESSAGES} HTTP messages`, () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,11}$/)
    const text = fc.stringMatching(/^[!-~](?:[ -~]{0,20}[!-~])?$/)
    const headers = fc.array(
      fc.tuple(
        token.map((name) => `X-${name}`),
        text,
      ),
      { maxLength: 6 },
    )
    const body = fc.stringMatching(/^[a-z ]{0,40}$/)
    const start = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
          fc.stringMatching(/^\/[a-z0-9/._-]{0,20}$/),
          fc.constantFrom('1.0', '1.1'),
        )
        .map(([method, target, version]) => `${method} ${target} HTTP/${version}`),
      fc
        .tuple(
          fc.constantFrom('1.0', '1.1'),
          fc.constantFrom(200, 201, 301, 404, 500),
          fc.stringMatching(/^[A-Z][A-Za-z ]{0,12}[a-z]$/),
        )
        .map(([version, status, reason]) => `HTTP/${version} ${status} ${reason}`),
    )
    const message = fc.tuple(start, headers, body).map(([first, lines, content]) => {
      const all = [['Host', 'example'], ...lines, ['Content-Length', String(content.length)]]
      return `${first}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${content}`
    })
    const payloads = fc.sample(message, { numRuns: HTTP_MESSAGES, seed: 42 }).map((wire) => Buffer.from(wire, 'latin1'))
    // Each on a connection of its own.
    const packets = payloads.map((payload, index): Packet => {
      const client = 10_000 + index
      const isResponse = payload.subarray(0, 5).toString() === 'HTTP/'
      return { transport: 'tcp', from: isResponse ? 80 : client, to: isResponse ? client : 80, payload }
    })
    const theirs = layers('http', packets, ['-d', 'tcp.port==80,http'])
    for (const [index, payload] of payloads.entries()) {
      const { messages } = checked('dissect', httpDocument(payload).document) as { messages: Message[] }
      expect(messages.map(messageInTsharksWords), payload.toString()).toEqual([messageOfTshark(theirs[index] ?? {})])
    }
  })
})

interface Moment {
  readonly hex: string
  readonly time: string | null
}

interface Ours {
  readonly leap: number
  readonly version: number
  readonly mode: number
  readonly stratum: number
  readonly poll: number
  readonly precision: number
  readonly rootDelayMs: number
  readonly rootDispersionMs: number
  readonly referenceTimestamp: Moment
  readonly originTimestamp: Moment
  readonly receiveTimestamp: Moment
  readonly transmitTimestamp: Moment
  readonly mac?: { readonly keyId: number; readonly digest: string }
  readonly raw: string
}

/** One form for both: signed exponents as bytes, shorts as their 32 bits, moments as seconds and nanoseconds of one era. */
function inTsharksWords(ours: Ours): object {
  return {
    leap: ours.leap,
    version: ours.version,
    mode: ours.mode,
    stratum: ours.stratum,
    poll: ours.poll & 0xff,
    precision: ours.precision & 0xff,
    rootDelay: Math.round(ours.rootDelayMs * 65.536),
    rootDispersion: Math.round(ours.rootDispersionMs * 65.536),
    referenceId: ours.raw.slice(24, 32),
    moments: [ours.referenceTimestamp, ours.originTimestamp, ours.receiveTimestamp, ours.transmitTimestamp].map(
      ({ hex, time }) => (time === null ? 'unknown' : cutFrom(hex, momentOf(time))),
    ),
    mac: ours.mac ? `${ours.mac.keyId.toString(16).padStart(8, '0')} ${ours.mac.digest}` : '',
  }
}

const textOf = (value: Layer[string]): string => (typeof value === 'string' ? value : '')

function ofTshark(layer: Layer): object {
  const flags = layer['ntp.flags_tree'] as Layer
  const field = (name: string): string => textOf(layer[`ntp.${name}`])
  const keyId = field('keyid').replaceAll(':', '')
  return {
    leap: Number(flags['ntp.flags.li']),
    version: Number(flags['ntp.flags.vn']),
    mode: Number(flags['ntp.flags.mode']),
    stratum: Number(field('stratum')),
    poll: Number(field('ppoll')),
    precision: Number(field('precision')),
    rootDelay: Number(field('rootdelay')),
    rootDispersion: Number(field('rootdispersion')),
    referenceId: field('refid').replaceAll(':', ''),
    moments: ['reftime', 'org', 'rec', 'xmt'].map((name) =>
      /NULL/.test(field(name)) ? 'unknown' : momentOf(field(name)),
    ),
    mac: keyId === '' ? '' : `${keyId} ${field('mac').replaceAll(':', '')}`,
  }
}

/** `2021-07-01T17:09:08.633042040Z` or `Jul  1, 2021 17:09:08.633042040 UTC`; the era is each one's own choice. */
function momentOf(text: string): string {
  const [, nanoseconds = ''] = /\.(\d{9})/.exec(text) ?? []
  const seconds = Date.parse(text.replace(/\.\d+/, '')) / 1000
  const inEra = (((seconds + 2_208_988_800) % 2 ** 32) + 2 ** 32) % 2 ** 32
  return `${inEra}.${nanoseconds}`
}

/** tshark cuts what is finer than a nanosecond, we round: by no more than one, and never away from the 64 bits. */
function cutFrom(hex: string, ours: string): string {
  const bits = BigInt(`0x${hex}`)
  const cut = ((bits & 0xffffffffn) * 1_000_000_000n) >> 32n
  const cutTime = `${bits >> 32n}.${String(cut).padStart(9, '0')}`
  const [seconds = '', nanoseconds = ''] = ours.split('.')
  const roundedUp = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds) - ((bits >> 32n) * 1_000_000_000n + cut)
  expect([0n, 1n]).toContain(roundedUp)
  return cutTime
}

interface Message {
  readonly type: 'request' | 'response'
  readonly method?: string
  readonly requestTarget?: string
  readonly statusCode?: number
  readonly reasonPhrase?: string
  readonly version: string
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyBytes: number
  readonly bodyBase64: string
}

function messageInTsharksWords(message: Message): object {
  const { type, method, requestTarget, statusCode, reasonPhrase, version, headers, bodyBase64 } = message
  return {
    start: type === 'request' ? [method, requestTarget, version] : [version, statusCode, reasonPhrase],
    lines: headers.map(([name, value]) => `${name}: ${value}`),
    body: Buffer.from(bodyBase64, 'base64').toString('latin1'),
  }
}

function messageOfTshark(layer: Layer): object {
  const [startLine] = Object.entries(layer).filter(
    ([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  const start = (startLine?.[1] ?? {}) as Layer
  const version = (name: string): string => textOf(start[`http.${name}.version`]).replace('HTTP/', '')
  const lines = [layer['http.request.line'] ?? layer['http.response.line'] ?? []].flat() as string[]
  return {
    start:
      'http.request.method' in start
        ? [start['http.request.method'], start['http.request.uri'], version('request')]
        : [version('response'), Number(start['http.response.code']), start['http.response.phrase']],
    lines: lines.map((line) => line.replace(/\r\n$/, '')),
    body: textOf(layer['http.file_data']),
  }
}
