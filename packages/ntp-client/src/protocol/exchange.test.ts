import { ProtocolError } from '@plainwire/socket-utils/errors'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRequest, readAnswer, readSample, type Question } from './exchange.ts'
import { kissOfDeath } from './kiss-of-death.ts'
import { encodePacket, type NtpPacketFields } from './packet.ts'
import { fromUnixNanoseconds } from './timestamp.ts'

const MS = 1_000_000n
const SECOND = 1_000_000_000n
const YEAR = 31_556_952n * SECOND
const NOW = 1_795_350_908n * SECOND + 123_456_789n
const COOKIE = 0xa1b2c3d4e5f60718n

// The request left at NOW and the answer came 50 ms later; there are 30 ms out, 8 in the server and 12 back.
const question: Question = {
  cookie: COOKIE,
  sentAt: fromUnixNanoseconds(NOW),
  receivedAt: fromUnixNanoseconds(NOW + 50n * MS),
}
const honest: NtpPacketFields = {
  version: 4,
  mode: 4,
  stratum: 2,
  precision: -20,
  referenceId: 0xc6336407,
  originTimestamp: COOKIE,
  receiveTimestamp: fromUnixNanoseconds(NOW + 30n * MS),
  transmitTimestamp: fromUnixNanoseconds(NOW + 38n * MS),
}
const answer = (changes: Partial<NtpPacketFields> = {}) => readAnswer(encodePacket({ ...honest, ...changes }), question)

describe('the request', () => {
  test('is 48 bytes that hold version 4, mode 3 and the cookie, nothing else', () => {
    expect(Buffer.from(encodeRequest(COOKIE)).toString('hex')).toBe(`23${'00'.repeat(39)}a1b2c3d4e5f60718`)
  })
})

describe('an answer', () => {
  test('gives the packet and the sample', () => {
    expect(answer()).toMatchObject({
      kind: 'accepted',
      packet: { stratum: 2, originTimestamp: COOKIE },
      sample: { offsetNs: 9n * MS, delayNs: 42n * MS },
    })
  })

  test.each([1, 2, 3, 4])('may be of version %i', (version) => {
    expect(answer({ version })).toMatchObject({ kind: 'accepted' })
  })

  test('may bring anything after its header', () => {
    expect(answer({ trailer: Uint8Array.of(1, 2, 3) })).toMatchObject({ kind: 'accepted' })
  })

  test.each([1, 2, 15])('may be of stratum %i', (stratum) => {
    expect(answer({ stratum })).toMatchObject({ kind: 'accepted' })
  })

  test.each([0, 1, 2])('may have leap %i', (leap) => {
    expect(answer({ leap })).toMatchObject({ kind: 'accepted' })
  })

  test('is dropped at every length below 48', () => {
    for (let length = 0; length < 48; length++) {
      const cut = encodePacket(honest).subarray(0, length)
      expect(readAnswer(cut, question), `${length} bytes`).toEqual({ kind: 'dropped', reason: 'too-short' })
    }
  })

  test.each([0, 1, 2, 3, 5, 6, 7])('is dropped in mode %i', (mode) => {
    expect(answer({ mode })).toEqual({ kind: 'dropped', reason: 'wrong-mode' })
  })

  test.each([0, 5, 6, 7])('is dropped in version %i', (version) => {
    expect(answer({ version })).toEqual({ kind: 'dropped', reason: 'wrong-version' })
  })

  test.each([
    ['zero', 0n],
    ['one bit off', COOKIE ^ 1n],
    ['the cookie in the other byte order', 0x1807f6e5d4c3b2a1n],
  ])('is dropped when its origin is %s', (_, originTimestamp) => {
    expect(answer({ originTimestamp })).toEqual({ kind: 'dropped', reason: 'wrong-origin' })
  })

  test.each(['receiveTimestamp', 'transmitTimestamp'])('is dropped when its %s is zero', (field) => {
    expect(answer({ [field]: 0n })).toEqual({ kind: 'dropped', reason: 'zero-timestamp' })
  })

  test('is dropped when it left the server before the request came', () => {
    const transmitTimestamp = fromUnixNanoseconds(NOW + 29n * MS)
    expect(answer({ transmitTimestamp })).toEqual({ kind: 'dropped', reason: 'server-clock-backwards' })
  })

  test('may seem early by a tick of two coarse clocks, then its delay counts as none; beyond that it is dropped', () => {
    const delayOf = (ms: bigint) => ({ transmitTimestamp: fromUnixNanoseconds(NOW + 30n * MS + 50n * MS - ms * MS) })
    expect(answer(delayOf(1n))).toMatchObject({ kind: 'accepted', sample: { delayNs: 1n * MS } })
    expect(answer(delayOf(-31n))).toMatchObject({ kind: 'accepted', sample: { delayNs: 0n } })
    expect(answer(delayOf(-32n))).toEqual({ kind: 'dropped', reason: 'negative-delay' })
    expect(answer(delayOf(-5000n))).toEqual({ kind: 'dropped', reason: 'negative-delay' })
  })

  test.each(['RATE', 'DENY', 'RSTR'])("is a kiss-o'-death %s at stratum 0", (code) => {
    const referenceId = Buffer.from(code, 'latin1').readUInt32BE()
    const fault = kissOfDeath({ kissCode: code, poll: 6 }, `the server refuses: kiss-o'-death ${code}`)
    expect(() => answer({ stratum: 0, leap: 3, poll: 6, referenceId })).toThrow(fault)
  })

  test("is dropped when a kiss-o'-death does not repeat the cookie: anyone could have sent it", () => {
    const denied = { stratum: 0, referenceId: 0x44454e59, originTimestamp: 0n }
    expect(answer(denied)).toEqual({ kind: 'dropped', reason: 'wrong-origin' })
  })

  test.each([
    ['leap 3', { leap: 3 }, 'leap 3, stratum 2, root distance 0 ms'],
    ['stratum 0 without a code', { stratum: 0, referenceId: 0 }, 'leap 0, stratum 0, root distance 0 ms'],
    ['stratum 16', { stratum: 16 }, 'leap 0, stratum 16, root distance 0 ms'],
    ['stratum 255', { stratum: 255 }, 'leap 0, stratum 255, root distance 0 ms'],
    ['16 s of dispersion', { rootDispersion: 0x0010_0000 }, 'leap 0, stratum 2, root distance 16000 ms'],
    ['30 s of delay and 1 of dispersion', { rootDelay: 0x001e_0000, rootDispersion: 0x1_0000 }, 'distance 16000 ms'],
  ])('with %s says that the server is not synchronized', (_, changes, state) => {
    expect(() => answer(changes)).toThrow(ProtocolError)
    expect(() => answer(changes)).toThrow(expect.objectContaining({ code: 'ntp/unsynchronized' }))
    expect(() => answer(changes)).toThrow(state)
  })

  test('a root distance just below 16 s is still believed', () => {
    expect(answer({ rootDelay: 0x001e_0000, rootDispersion: 0xffff })).toMatchObject({ kind: 'accepted' })
  })

  test('any bytes at all are accepted, dropped or a ProtocolError', () => {
    // The cookie is put in, or nothing random would ever pass the origin.
    const datagrams = fc.tuple(fc.uint8Array({ minLength: 40, maxLength: 90 }), fc.boolean()).map(([wire, matches]) => {
      if (matches && wire.length >= 48) new DataView(wire.buffer, wire.byteOffset).setBigUint64(24, COOKIE)
      return wire
    })
    fc.assert(
      fc.property(datagrams, (datagram) => {
        try {
          expect(['accepted', 'dropped']).toContain(readAnswer(datagram, question).kind)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('offset and delay, RFC 5905 §8', () => {
  const sample = (offsetNs: bigint, outNs: bigint, insideNs: bigint, backNs: bigint, t1Ns = NOW) =>
    readSample(
      {
        receiveTimestamp: fromUnixNanoseconds(t1Ns + offsetNs + outNs),
        transmitTimestamp: fromUnixNanoseconds(t1Ns + offsetNs + outNs + insideNs),
      },
      fromUnixNanoseconds(t1Ns),
      fromUnixNanoseconds(t1Ns + outNs + insideNs + backNs),
    )

  test('on a symmetric path both are exact', () => {
    expect(sample(250n * MS, 7n * MS, 3n * MS, 7n * MS)).toEqual({ offsetNs: 250n * MS, delayNs: 14n * MS })
  })

  test('the offset is negative where the local clock is ahead', () => {
    expect(sample(-1_234_567_891n, 11n, 5n, 11n)).toEqual({ offsetNs: -1_234_567_891n, delayNs: 22n })
  })

  test('an asymmetric path shifts the offset by half the difference', () => {
    expect(sample(0n, 9n * MS, 0n, 1n * MS)).toEqual({ offsetNs: 4n * MS, delayNs: 10n * MS })
  })

  test('the delay is negative when the server claims more time than there was', () => {
    expect(sample(0n, 1n * MS, 10n * SECOND, -9n * SECOND).delayNs).toBe(-8_999n * MS)
  })

  test.each([60n, -60n, 67n, -67n])('a client clock that is wrong by %i years gets the right offset', (years) => {
    expect(sample(years * YEAR + 5n, 20n * MS, 1n * MS, 20n * MS)).toEqual({
      offsetNs: years * YEAR + 5n,
      delayNs: 40n * MS,
    })
  })

  test('the era may change between any two of the four timestamps', () => {
    const rollover = BigInt(Date.parse('2036-02-07T06:28:16Z')) * MS
    for (const before of [0n, 1n, 3n, 5n, 7n, 8n]) {
      const t1 = rollover - before * SECOND
      expect(sample(0n, 2n * SECOND, 2n * SECOND, 2n * SECOND, t1)).toEqual({ offsetNs: 0n, delayNs: 4n * SECOND })
    }
  })

  test('whatever the times, offset and delay are what they must be, to a nanosecond', () => {
    const offset = fc.bigInt({ min: -67n * YEAR, max: 67n * YEAR })
    const span = fc.bigInt({ min: 0n, max: 10n * SECOND })
    fc.assert(
      fc.property(offset, span, span, span, (offsetNs, outNs, insideNs, backNs) => {
        const found = sample(offsetNs, outNs, insideNs, backNs)
        const wrongBy = 2n * (found.offsetNs - offsetNs) - (outNs - backNs)
        expect([-2n, -1n, 0n, 1n, 2n]).toContain(wrongBy)
        expect([-1n, 0n, 1n]).toContain(found.delayNs - outNs - backNs)
      }),
      { numRuns: 2000 },
    )
  })
})
