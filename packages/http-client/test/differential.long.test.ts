// A million messages that are nearly right, read by us and by the parsers that the world uses. Whoever refuses a message
// is safe; where two accept it and read it otherwise, one of them can be smuggled past the other. There may be none of
// these but for the deviations on the list.

import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory } from '@plainwire/testing'
import { agree, deviations, explain } from './differential/deviations.ts'
import { Mutations } from './differential/mutations.ts'
import { ownReading, peerReading } from './differential/reading.ts'
import { PEER_PACKAGES, parserPeers, type ParserPeer } from './parser-peers.ts'

const MESSAGES = Number(process.env['PLAINWIRE_MESSAGES'] ?? 1_000_000)
const SEED = Number(process.env['PLAINWIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

describe(`${MESSAGES} mutated messages, PLAINWIRE_SEED=${SEED}`, () => {
  const directory = temporaryDirectory()
  let peers: readonly ParserPeer[] = []
  beforeAll(async () => {
    const installed = process.env['PLAINWIRE_HTTP_PEERS'] ?? directory.path
    if (installed === directory.path) {
      const args = ['install', '--prefix', installed, '--no-audit', '--no-fund', ...PEER_PACKAGES]
      spawnSync('npm', args, { encoding: 'utf8', timeout: 120_000 })
    }
    const found = await parserPeers(installed)
    peers = found.peers
    if (found.missing.length === 0) return
    if (process.env['CI']) throw new Error(`could not install ${found.missing.join(', ')}`)
    process.stderr.write(`\n*** NOT COMPARED with ${found.missing.join(', ')}: could not be installed ***\n`)
  }, 150_000)
  afterAll(() => directory[Symbol.dispose]())

  test('are read as others read them or refused by one, and the same wherever they are cut', () => {
    const mutations = new Mutations(SEED)
    const seen = new Map<string, number>()
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
    for (let number = 0; number < MESSAGES; number++) {
      const kind = mutations.number(2) === 0 ? 'request' : 'response'
      const wire = mutations.message(kind)
      const ours = ownReading(kind, [wire])
      const at = mutations.number(wire.length + 1)
      const again = ownReading(kind, [wire.subarray(0, at), wire.subarray(at)])
      const text = wire.toString('latin1')
      if (!agree({ wire: text, ours, theirs: again }) || ours.fault !== again.fault || ours.surplus !== again.surplus) {
        expect(again, `cut at ${at}: ${JSON.stringify(text)}`).toEqual(ours)
      }
      count(`ours ${ours.accepted ? 'accepts' : 'refuses'}`)
      for (const peer of peers) {
        const theirs = peerReading(peer, kind, wire)
        count(`${peer.name} ${theirs.accepted ? 'accepts' : 'refuses'}, ours ${ours.accepted ? 'accepts' : 'refuses'}`)
        if (!ours.accepted || !theirs.accepted || agree({ wire: text, ours, theirs })) continue
        const reasons = explain(peer.name, { wire: text, ours, theirs })
        if (reasons === undefined)
          expect(theirs.messages, `${peer.name}: ${JSON.stringify(text)}`).toEqual(ours.messages)
        for (const reason of reasons ?? []) count(`${peer.name} ${reason}`)
      }
    }
    process.stdout.write([...seen].map(([what, times]) => `${times} ${what}\n`).join(''))
    const accepted = peers.map(({ name }) => seen.get(`${name} accepts, ours accepts`) ?? 0)
    expect(Math.min(...accepted), 'accepted by both').toBeGreaterThan(MESSAGES / 10)
  }, 600_000)

  test('each deviation has a clause', () => {
    for (const { clause } of deviations) expect(clause).toMatch(/^RFC (9110|9112|1945) §\d/)
  })
})
