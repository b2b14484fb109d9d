import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePacket, encodePacket } from './packet.ts'
import { encodeReply, readRequest, stampReply } from './reply.ts'

// What `chronyd -Q` sends: a random transmit timestamp and a poll of −6, nothing else.
const REQUEST = new Uint8Array(Buffer.from(`2300fa20${'00'.repeat(36)}c0ffee0123456789`, 'hex'))
const STATE = { leap: 1, stratum: 3, precision: -18, referenceId: 0xc6336407 }
const RECEIVED_AT = 0xeead5ffd_05adc71dn
const SENT_AT = 0xeead5ffd_05b0754cn

describe('a request', () => {
  test.each([1, 2, 3, 4])('of version %i is answered in that version', (version) => {
    const request = readRequest(encodePacket({ version, mode: 3 }))
    if (request.kind !== 'accepted') throw new Error(request.reason)
    expect(decodePacket(encodeReply(request.packet, STATE, RECEIVED_AT)).version).toBe(version)
  })

  test('may bring extension fields and a MAC; the answer is 48 bytes all the same', () => {
    const request = readRequest(encodePacket({ version: 4, mode: 3, trailer: new Uint8Array(28) }))
    if (request.kind !== 'accepted') throw new Error(request.reason)
    expect(encodeReply(request.packet, STATE, RECEIVED_AT)).toHaveLength(48)
  })

  test.each([
    ['47 bytes', REQUEST.subarray(0, 47)],
    ['no bytes', new Uint8Array()],
  ])('of %s is too short', (_, datagram) => {
    expect(readRequest(datagram)).toEqual({ kind: 'dropped', reason: 'too-short' })
  })

  test.each([0, 1, 2, 4, 5, 6, 7])('in mode %i is none', (mode) => {
    expect(readRequest(encodePacket({ version: 4, mode }))).toEqual({ kind: 'dropped', reason: 'wrong-mode' })
  })

  test.each([0, 5, 6, 7])('of version %i is ignored', (version) => {
    expect(readRequest(encodePacket({ version, mode: 3 }))).toEqual({ kind: 'dropped', reason: 'wrong-version' })
  })

  test('of any bytes is answered or ignored', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (datagram) => {
        const request = readRequest(datagram)
        const isRequest = datagram.length >= 48 && [0x0b, 0x13, 0x1b, 0x23].includes(datagram[0]! % 64)
        expect(request.kind).toBe(isRequest ? 'accepted' : 'dropped')
      }),
    )
  })
})

describe('a reply, RFC 5905 §9.2', () => {
  test('repeats the version, the poll and the transmit timestamp as origin, and adds two times', () => {
    const reply = encodeReply(decodePacket(REQUEST), STATE, RECEIVED_AT)
    stampReply(reply, SENT_AT)
    const hex =
      '6403faee 00000000 00000000 c6336407 eead5ffd05adc71d c0ffee0123456789 eead5ffd05adc71d eead5ffd05b0754c'
    expect(Buffer.from(reply).toString('hex')).toBe(hex.replaceAll(' ', ''))
  })

  test('is stamped where it lies, inside a larger buffer too', () => {
    const buffer = new Uint8Array(60)
    stampReply(buffer.subarray(5, 53), SENT_AT)
    expect(Buffer.from(buffer).toString('hex')).toBe(`${'00'.repeat(45)}eead5ffd05b0754c${'00'.repeat(7)}`)
  })
})
