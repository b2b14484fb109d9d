// Packets decoded and encoded per second, beside npm's parser where PLAINWIRE_NTP_PEERS says that it is (see accuracy.ts).
//
//   pnpm bench:codec

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { decodePacket, encodePacket } from '@plainwire/ntp-client/packet'

const ROUNDS = 8
const PACKETS = 100_000

const wire = Buffer.from(
  '240200e700000001000000017f000001eead5ffcc587d1452ffd2e33bf8f2c8deead5ffd05adc71deead5ffd05b0754c',
  'hex',
)
const bytes = new Uint8Array(wire)
const packet = decodePacket(bytes)
const contenders: [string, () => unknown][] = [
  ['ours, decode', () => decodePacket(bytes)],
  ['ours, encode', () => encodePacket(packet)],
]

const directory = process.env['PLAINWIRE_NTP_PEERS'] ?? ''
if (existsSync(join(directory, 'node_modules/ntp-packet-parser'))) {
  const require = createRequire(join(directory, 'package.json'))
  const { NtpPacketParser } = require('ntp-packet-parser') as { NtpPacketParser: { parse(packet: Buffer): unknown } }
  contenders.push(['ntp-packet-parser, decode', () => NtpPacketParser.parse(wire)])
}

/** In turns, the best round of each: what the machine does besides can only slow it. */
const best = new Map<string, number>()
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of contenders) {
    const startedAt = performance.now()
    for (let count = 0; count < PACKETS; count++) run()
    const perSecond = (PACKETS / (performance.now() - startedAt)) * 1000
    best.set(name, Math.max(best.get(name) ?? 0, perSecond))
  }
}
console.log(`packets per second, Node ${process.version}, load ${loadavg()[0]}`)
console.table([...best].map(([name, perSecond]) => ({ name, 'packets/s': Math.round(perSecond) })))
