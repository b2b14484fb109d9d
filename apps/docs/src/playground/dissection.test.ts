import { decodePacket } from '@plainwire/ntp-client/packet'
import { describe, expect, test } from 'vitest'
import type { Dissection } from './dissection.ts'
import { dissectHttp } from './http-fields.ts'
import { dissectNtp } from './ntp-fields.ts'
import { bytesPane, partsPane } from './panes.ts'
import { SAMPLES } from './samples.ts'

const NOW_NS = 1_795_000_000_000_000_000n

function bytesOf(id: string): Uint8Array {
  const sample = SAMPLES.find((sample) => sample.id === id)
  if (sample === undefined) throw new Error(id)
  return sample.bytes
}

function changed({ parts }: Dissection, label: RegExp, value: string, which = 0): Uint8Array {
  const edit = parts.find((part) => label.test(part.label))?.edits[which]
  if (edit === undefined) throw new Error(`nothing to change at ${label}`)
  return edit.apply(value)
}

describe('an NTP packet', () => {
  const bytes = bytesOf('ntp-answer')
  const dissection = dissectNtp(bytes, NOW_NS)

  test('every byte belongs to one of the eleven fields', () => {
    expect(dissection.parts.map(({ length }) => length)).toEqual([1, 1, 1, 1, 4, 4, 4, 8, 8, 8, 8])
  })

  test.each([
    [/^leap/, '3', 0, { leap: 3 }],
    [/^leap/, '3', 1, { version: 3 }],
    [/^leap/, '5', 2, { mode: 5 }],
    [/^stratum/, '15', 0, { stratum: 15 }],
    [/^poll/, '-6', 0, { poll: -6 }],
    [/^precision/, '-20', 0, { precision: -20 }],
    [/^root delay/, '1000', 0, { rootDelay: 65_536 }],
    [/^root dispersion/, '500', 0, { rootDispersion: 32_768 }],
    [/^reference id/, '10.0.0.1', 0, { referenceId: 0x0a00_0001 }],
    [/^reference 2/, '', 0, { referenceTimestamp: 0n }],
    [/^receive/, '1970-01-01T00:00:00.5Z', 0, { receiveTimestamp: (2_208_988_800n << 32n) + (1n << 31n) }],
  ])('%s becomes %j', (label, value, which, expected) => {
    const packet = decodePacket(changed(dissection, label, value, which))
    expect(packet).toEqual({ ...decodePacket(bytes), ...expected })
  })

  test('what it shows is what it takes back: nothing changes', () => {
    for (const { edits } of dissection.parts) {
      for (const edit of edits) {
        const same = decodePacket(edit.apply(edit.value))
        // A label has a nanosecond's precision, the wire a quarter of one.
        expect(same.mode).toBe(4)
        expect(edit.apply(edit.value).subarray(0, 16)).toEqual(bytes.subarray(0, 16))
      }
    }
  })

  test('a value that does not fit is refused in the codec’s words', () => {
    expect(() => changed(dissection, /^stratum/, 'two')).toThrow('"two" is not a whole number')
    expect(() => changed(dissection, /^leap/, '4')).toThrow('leap must be a whole number from 0 to 3, got 4')
    expect(() => changed(dissection, /^receive/, 'noon')).toThrow('no time like')
  })

  test('47 bytes are none, and the fault points behind the last', () => {
    const { parts, fault } = dissectNtp(bytes.subarray(0, 47), NOW_NS)
    expect(parts).toEqual([])
    expect(fault).toMatchObject({ offset: 47, code: 'ntp/short-packet' })
  })
})

describe('an HTTP message', () => {
  test('every byte of a chunked response is explained, with its clause', () => {
    const bytes = bytesOf('http-chunked')
    const { parts, fault } = dissectHttp(bytes, 'response')
    expect(fault).toBeUndefined()
    expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length)
    expect(parts.find(({ label }) => label.startsWith('chunk of 12'))?.clause).toBe('RFC 9112 §7.1')
    expect(parts.find(({ label }) => label === 'trailer Expires')?.clause).toBe('RFC 9112 §7.1.2')
  })

  test('a changed header changes its bytes alone', () => {
    const dissection = dissectHttp(bytesOf('http-request'), 'request')
    const text = new TextDecoder().decode(changed(dissection, /^header Host/, 'Host: b.example\\r\\n'))
    expect(text).toContain('HTTP/1.1\r\nHost: b.example\r\nContent-Type')
    expect(text).toMatch(/\{"text":"hola"\}$/)
  })

  test('two lengths are refused at the byte, in words of the clause', () => {
    const { parts, fault } = dissectHttp(bytesOf('http-smuggling'), 'request')
    expect(fault).toMatchObject({ code: 'http/ambiguous-length', clause: 'RFC 9112 §6.3' })
    expect(parts.filter(({ label }) => label.startsWith('refused'))).toEqual([])
  })

  test('a message that stops early is missing its end', () => {
    const bytes = bytesOf('http-request').subarray(0, -1)
    expect(dissectHttp(bytes, 'request').fault).toMatchObject({ code: 'http/truncated', offset: bytes.length })
  })
})

describe('the panes', () => {
  test('show every byte once, in order, and mark the one at fault', () => {
    const bytes = bytesOf('http-bad-chunk')
    const dissection = dissectHttp(bytes, 'response')
    const html = bytesPane(bytes, dissection, 'en')
    const codes = [...html.matchAll(/<span class="codes">(.*?)<\/span>  <span class="letters">/g)].map(([, row]) => row)
    const shown = codes
      .join(' ')
      .replaceAll(/<[^>]*>/g, '')
      .trim()
      .split(/\s+/)
    expect(shown).toEqual([...bytes].map((byte) => byte.toString(16).padStart(2, '0')))
    const at = dissection.fault?.offset ?? 0
    expect(html).toContain(`<mark class="fault">${bytes[at]?.toString(16)}</mark>`)
  })

  test('give each run of bytes to its part', () => {
    const bytes = bytesOf('ntp-answer')
    const html = bytesPane(bytes, dissectNtp(bytes, NOW_NS), 'es')
    expect(/<button[^>]* data-part="6"[^>]*>([^<]*)</.exec(html)?.[1]).toBe('c0 a8 01 0a')
    expect(/<button[^>]* data-part="10"[^>]*>([^<]*)</.exec(html)?.[1]).toBe('ee ad 94 79 4e f7 3b a5')
  })

  test('what a message says is text, never markup', () => {
    const bytes = new TextEncoder().encode('HTTP/1.1 200 <img src=x>\r\nContent-Length: 0\r\n\r\n')
    const dissection = dissectHttp(bytes, 'response')
    expect(bytesPane(bytes, dissection, 'en') + partsPane(dissection, 'en')).not.toContain('<img')
  })
})
