// Two million broken headers: every one is a header, waits for more, or is refused with a code. PROXY_FUZZ_SEED repeats a run.

import { ProtocolError } from '@plainwire/socket-utils/errors'
import { expect, test } from 'vitest'
import { encodeProxyHeader, ProxyHeaderReader } from '../../src/proxy-header.ts'
import { CASES } from './cases.ts'

const INPUTS = 2_000_000
const seed = Number(process.env['PROXY_FUZZ_SEED'] ?? Date.now() % 2 ** 31)

/** xorshift32: fast, and the same from the same seed. Below `range`. */
let state = seed | 1
function random(range: number): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % range
}

const seeds = CASES.map(({ wire }) => wire).filter((wire) => wire.length > 0 && wire.length < 1000)
const INTERESTING = [0, 1, 0x0d, 0x0a, 0x20, 0x30, 0x3a, 0x7f, 0x80, 0xff]

function mutated(): Uint8Array {
  const wire = Uint8Array.from(seeds[random(seeds.length)] ?? [])
  for (let count = random(4); count > 0; count--) {
    const at = random(wire.length)
    // Mostly behind the first bytes, or hardly anything would get past them.
    wire[random(8) === 0 ? at % 16 : at] = random(2) ? (INTERESTING[random(INTERESTING.length)] ?? 0) : random(256)
  }
  return random(4) === 0 ? wire.subarray(0, random(wire.length + 1)) : wire
}

test(`${INPUTS} broken headers, seed ${seed}`, () => {
  const outcomes = new Map<string, number>()
  for (let count = 0; count < INPUTS; count++) {
    const wire = mutated()
    const outcome = outcomeOf(wire)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  // Each way to end was taken: the fuzzing reached everything.
  expect([...outcomes.keys()].toSorted()).toEqual([
    'header',
    'proxy/bad-address',
    'proxy/bad-checksum',
    'proxy/bad-command',
    'proxy/bad-family',
    'proxy/bad-line',
    'proxy/bad-tlv',
    'proxy/bad-version',
    'proxy/no-header',
    'proxy/too-long',
    'proxy/truncated',
  ])
})

function outcomeOf(wire: Uint8Array): string {
  const reader = new ProxyHeaderReader()
  const cut = random(wire.length + 1)
  try {
    reader.push(wire.subarray(0, cut))
    let header = reader.next()
    reader.push(wire.subarray(cut))
    header ??= reader.next()
    reader.end()
    header ??= reader.next()
    if (header === undefined) throw new Error('neither a header nor an error')
    // What was understood can be said again, and is understood the same; text that was no UTF-8 cannot always be said.
    if (header.addresses?.family === 'unix') return 'header'
    const again = new ProxyHeaderReader()
    again.push(encodeProxyHeader(header))
    if (JSON.stringify(again.next()) !== JSON.stringify(header)) throw new Error('says something else the second time')
    return 'header'
  } catch (error) {
    if (error instanceof ProtocolError && error.code.startsWith('proxy/')) return error.code
    throw new Error(`seed ${seed}, cut at ${cut}: ${Buffer.from(wire).toString('hex')}`, { cause: error })
  }
}
