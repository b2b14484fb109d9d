// What a server, or someone who pretends to be it, may send; and what must come of it.

import { type QueryOptions } from '../../src/client.ts'
import { encodePacket, type NtpPacket, type NtpPacketFields } from '../../src/packet.ts'
import { type DropReason } from '../../src/protocol/exchange.ts'
import { fromUnixNanoseconds } from '../../src/protocol/timestamp.ts'
import { answerTo } from '../udp-peer.ts'

const MS = 1_000_000n
export const NOW = 1_795_350_908_123n * MS
/** What an honest server is ahead by. */
export const OFFSET_MS = 300

export type Send = (bytes: Uint8Array, from?: 'another port' | 'another address') => Promise<void>

export interface Scenario {
  readonly name: string
  /** What the peer does with each request, which is number `count` from 1. */
  readonly behave: (request: NtpPacket, count: number, send: Send) => unknown
  readonly expected: Expected
  readonly options?: QueryOptions
  /** Where the local clock stands, still. */
  readonly nowNs?: bigint
}

type Expected =
  | { readonly kind: 'time'; readonly dropped?: Partial<Record<DropReason, number>>; readonly samples?: number }
  | { readonly kind: 'error'; readonly code: string; readonly kissCode?: string }

const at = (nowNs: bigint, aheadMs: number): bigint => fromUnixNanoseconds(nowNs + BigInt(aheadMs) * MS)
const both = (time: bigint): Partial<NtpPacketFields> => ({ receiveTimestamp: time, transmitTimestamp: time })
const letters = (code: string): number => Buffer.from(code.padEnd(4, '\0'), 'latin1').readUInt32BE()

export const honest = (request: NtpPacket, changes: Partial<NtpPacketFields> = {}): Uint8Array =>
  answerTo(request, { ...both(at(NOW, OFFSET_MS)), ...changes })

/** An hour ahead, to be noticed if it were believed. */
const lie = (request: NtpPacket, changes: Partial<NtpPacketFields> = {}): Uint8Array =>
  answerTo(request, { ...both(at(NOW, 3_600_000)), ...changes })

type Wire = (request: NtpPacket) => Uint8Array

/** Not the answer, whatever it says: counted and waited past. */
const NO_ANSWERS: readonly (readonly [string, DropReason, Wire])[] = [
  ['nothing at all', 'too-short', () => new Uint8Array()],
  ['1 byte', 'too-short', () => Uint8Array.of(0x24)],
  ['a header without its last byte', 'too-short', (request) => lie(request).subarray(0, 47)],
  ['a header cut within its origin', 'too-short', (request) => lie(request).subarray(0, 28)],
  ['60,000 bytes of 0xff', 'wrong-mode', () => new Uint8Array(60_000).fill(0xff)],
  ['48 zeros', 'wrong-mode', () => new Uint8Array(48)],
  ['our own request, reflected', 'wrong-mode', (request) => encodePacket(request)],
  ...[0, 1, 2, 3, 5, 6, 7].map(
    (mode) => [`mode ${mode}`, 'wrong-mode', (request: NtpPacket) => lie(request, { mode })] as const,
  ),
  ...[0, 5, 6, 7].map(
    (version) => [`version ${version}`, 'wrong-version', (request: NtpPacket) => lie(request, { version })] as const,
  ),
  ['a random origin', 'wrong-origin', (request) => lie(request, { originTimestamp: 0x1234_5678_9abc_def0n })],
  ['origin zero', 'wrong-origin', (request) => lie(request, { originTimestamp: 0n })],
  [
    'an origin one bit off',
    'wrong-origin',
    (request) => lie(request, { originTimestamp: request.transmitTimestamp ^ (1n << 63n) }),
  ],
  [
    'the right bits in the transmit timestamp alone',
    'wrong-origin',
    (request) => lie(request, { originTimestamp: 0n, transmitTimestamp: request.transmitTimestamp }),
  ],
  ['a spoofed DENY', 'wrong-origin', (request) => kiss('DENY', { originTimestamp: 1n })(request)],
  ['a spoofed RATE with origin zero', 'wrong-origin', (request) => kiss('RATE', { originTimestamp: 0n })(request)],
  ['a spoofed leap 3', 'wrong-origin', (request) => lie(request, { leap: 3, originTimestamp: 1n })],
  ['a spoofed stratum 16', 'wrong-origin', (request) => lie(request, { stratum: 16, originTimestamp: 1n })],
  ['receive timestamp zero', 'zero-timestamp', (request) => lie(request, { receiveTimestamp: 0n })],
  ['transmit timestamp zero', 'zero-timestamp', (request) => lie(request, { transmitTimestamp: 0n })],
  ['both timestamps zero', 'zero-timestamp', (request) => lie(request, both(0n))],
  [
    'a server clock that runs backwards',
    'server-clock-backwards',
    (request) => lie(request, { receiveTimestamp: at(NOW, 3_601_000) }),
  ],
  [
    'ten seconds in the server of none',
    'negative-delay',
    (request) => lie(request, { transmitTimestamp: at(NOW, 3_610_000) }),
  ],
]

/** Genuine, but the server says that it has no time. */
const UNSYNCHRONIZED: readonly (readonly [string, Partial<NtpPacketFields>])[] = [
  ['leap 3', { leap: 3 }],
  ['leap 3 with stratum 0 and no code, as chronyd before its first source', { leap: 3, stratum: 0, referenceId: 0 }],
  ['stratum 0 without a code', { stratum: 0, referenceId: 0 }],
  ['stratum 16', { stratum: 16 }],
  ['stratum 17', { stratum: 17 }],
  ['stratum 255', { stratum: 255 }],
  ['16 s of root dispersion', { rootDispersion: 0x0010_0000 }],
  ['32 s of root delay', { rootDelay: 0x0020_0000 }],
  ['precision 4, which is 16 s', { precision: 4 }],
  ['precision 127', { precision: 127 }],
  ['everything at its largest', { rootDelay: 0xffff_ffff, rootDispersion: 0xffff_ffff }],
]

/** Odd, but no reason to disbelieve it. */
const TOLERATED: readonly (readonly [string, Partial<NtpPacketFields>])[] = [
  ['nothing odd', {}],
  ['version 3', { version: 3 }],
  ['version 1', { version: 1 }],
  ['leap 1', { leap: 1 }],
  ['leap 2', { leap: 2 }],
  ['stratum 15', { stratum: 15 }],
  ['root distance just below 16 s', { rootDelay: 0x001e_0000, rootDispersion: 0xffff }],
  ['precision −128', { precision: -128 }],
  ['precision 1, which is 2 s', { precision: 1 }],
  ['poll −128', { poll: -128 }],
  ['a reference timestamp in the future', { referenceTimestamp: at(NOW, 3_600_000) }],
  ['a reference timestamp three days old', { referenceTimestamp: at(NOW, -259_200_000) }],
  ['an extension field of 28 bytes', { trailer: Uint8Array.of(0x12, 0x34, 0, 28, ...new Uint8Array(24)) }],
  [
    'an extension field that claims 65,535 bytes',
    { trailer: Uint8Array.of(0x12, 0x34, 0xff, 0xff, ...new Uint8Array(24)) },
  ],
  ['a MAC that nobody asked for', { trailer: new Uint8Array(20).fill(7) }],
  ['a crypto-NAK that nobody asked for', { trailer: new Uint8Array(4) }],
  ['3 stray bytes', { trailer: new Uint8Array(3) }],
  ['60,000 stray bytes', { trailer: new Uint8Array(60_000).fill(0xff) }],
]

function kiss(code: string, changes: Partial<NtpPacketFields> = {}): Wire {
  return (request) => lie(request, { stratum: 0, leap: 3, referenceId: letters(code), ...changes })
}

const ALONE: QueryOptions = { timeoutMs: 250 }

export const scenarios: readonly Scenario[] = [
  ...TOLERATED.map(([name, changes]): Scenario => ({
    name: `${name}: believed`,
    behave: (request, _, send) => send(honest(request, changes)),
    expected: { kind: 'time', dropped: {} },
  })),
  ...NO_ANSWERS.flatMap(([name, reason, wire]): Scenario[] => [
    {
      name: `${name}, then the answer`,
      behave: async (request, _, send) => {
        await send(wire(request))
        await send(honest(request))
      },
      expected: { kind: 'time', dropped: { [reason]: 1 } },
    },
    {
      name: `${name}, then silence`,
      behave: (request, _, send) => send(wire(request)),
      expected: { kind: 'error', code: 'timed-out' },
      options: ALONE,
    },
  ]),
  {
    name: 'every length from 0 to 47, then the answer',
    behave: async (request, _, send) => {
      for (let length = 0; length < 48; length++) await send(lie(request).subarray(0, length))
      await send(honest(request))
    },
    expected: { kind: 'time', dropped: { 'too-short': 48 } },
  },
  {
    name: 'a flood of 100 forged answers, then the answer',
    behave: async (request, _, send) => {
      for (let guess = 1n; guess <= 100n; guess++) await send(lie(request, { originTimestamp: guess }))
      await send(honest(request))
    },
    expected: { kind: 'time', dropped: { 'wrong-origin': 100 } },
  },
  ...UNSYNCHRONIZED.map(([name, changes]): Scenario => ({
    name: `${name}: not synchronized`,
    behave: (request, _, send) => send(lie(request, changes)),
    expected: { kind: 'error', code: 'ntp/unsynchronized' },
  })),
  ...['RATE', 'DENY', 'RSTR', 'INIT', 'STEP', 'X'].map((code): Scenario => ({
    name: `kiss ${code}: obeyed`,
    behave: (request, _, send) => send(kiss(code)(request)),
    expected: { kind: 'error', code: 'ntp/kiss-of-death', kissCode: code },
  })),
  {
    name: 'a kiss that is no text',
    behave: (request, _, send) => send(kiss('', { referenceId: 0xff00_1b07 })(request)),
    expected: { kind: 'error', code: 'ntp/kiss-of-death', kissCode: '255.0.27.7' },
  },
  {
    name: 'a kiss after two answers ends the query with what there is',
    behave: (request, count, send) => send(count <= 2 ? honest(request) : kiss('RATE')(request)),
    expected: { kind: 'time', samples: 2 },
    options: { samples: 4 },
  },
  ...(['another port', 'another address'] as const).flatMap((from): Scenario[] => [
    {
      name: `the right origin from ${from}, then the answer`,
      behave: async (request, _, send) => {
        await send(lie(request), from)
        await send(honest(request))
      },
      expected: { kind: 'time', dropped: {} },
    },
    {
      name: `the right origin from ${from}, then silence`,
      behave: (request, _, send) => send(lie(request), from),
      expected: { kind: 'error', code: 'timed-out' },
      options: ALONE,
    },
  ]),
  {
    name: 'each answer three times',
    behave: async (request, _, send) => {
      for (let time = 0; time < 3; time++) await send(honest(request))
    },
    expected: { kind: 'time', dropped: {}, samples: 4 },
    options: { samples: 4 },
  },
  replayed('the answer to an earlier request, replayed', 1),
  replayed('all earlier answers, replayed', 3),
  {
    name: 'the first answer never comes',
    behave: (request, count, send) => (count === 1 ? undefined : send(honest(request))),
    expected: { kind: 'time', samples: 2 },
    options: { samples: 2, timeoutMs: 1000 },
  },
  {
    name: 'an answer that comes too late, to a port that is closed by then',
    behave: lateAnswer(),
    expected: { kind: 'time', samples: 2 },
    options: { samples: 2, timeoutMs: 1000 },
  },
  { name: 'silence', behave: () => undefined, expected: { kind: 'error', code: 'timed-out' }, options: ALONE },
  {
    name: 'silence, asked 64 times',
    behave: () => undefined,
    expected: { kind: 'error', code: 'timed-out' },
    options: { timeoutMs: 250, samples: 64 },
  },
  era('the last second of era 0', '2036-02-07T06:28:14.500Z'),
  era('from era 0 into era 1', '2036-02-07T06:28:15.900Z'),
  era('the first second of era 1', '2036-02-07T06:28:16.100Z'),
  era('a day in era 1', '2040-06-01T00:00:00Z'),
  era('a day before 1970', '1969-07-20T20:17:40Z'),
]

function replayed(name: string, kept: number): Scenario {
  const earlier: Uint8Array[] = []
  return {
    name,
    behave: async (request, count, send) => {
      for (const answer of earlier) await send(answer)
      if (count <= kept) earlier.push(lie(request, { precision: -20 - count }))
      await send(honest(request))
    },
    expected: { kind: 'time', samples: 4, dropped: { 'wrong-origin': [0, 3, 0, 6][kept] ?? 0 } },
    options: { samples: 4 },
  }
}

/** The answer to the first request is sent to its port when the second has come, from a new one. */
function lateAnswer(): Scenario['behave'] {
  let late: (() => Promise<void>) | undefined
  return async (request, count, send) => {
    if (count === 1) late = () => send(lie(request))
    else {
      await late?.()
      await send(honest(request))
    }
  }
}

function era(name: string, now: string): Scenario {
  const nowNs = BigInt(Date.parse(now)) * MS
  return {
    name: `${name}: the right time`,
    behave: (request, _, send) => send(honest(request, both(at(nowNs, OFFSET_MS)))),
    expected: { kind: 'time', dropped: {} },
    nowNs,
  }
}
