// A server in a simulated network: its clock, what it claims of it, and the two ways to it. Only true time is real here.

import { estimate, type TimedSample } from '../../src/protocol/estimate.ts'
import { encodeRequest, readAnswer } from '../../src/protocol/exchange.ts'
import { decodePacket, encodePacket } from '../../src/protocol/packet.ts'
import { fromUnixNanoseconds, millisecondsToShort, toUnixNanoseconds } from '../../src/protocol/timestamp.ts'
import { type Random } from './random.ts'

/** Times in ms, since the world began where they are moments. */
export interface SimulatedServer {
  /** What its clock is wrong by, and by how much more each second. */
  readonly wrongByMs: number
  readonly driftPpm: number
  /** What it says of itself. */
  readonly rootDelayMs: number
  readonly rootDispersionMs: number
  readonly precision: number
  readonly stratum: number
  /** The shortest way there and back; they may differ as much as they like. */
  readonly outMs: number
  readonly backMs: number
  /** What a full queue adds on average, to each way. */
  readonly queueMs: number
  readonly loss: number
}

/** The client's clock: what it shows at a moment of true time. */
export type LocalClock = (trueMs: number) => bigint

const LOST_AFTER_MS = 500
export const WORLD_BEGAN_NS = 1_795_350_908_123_456_789n

export function trueNs(trueMs: number): bigint {
  return WORLD_BEGAN_NS + BigInt(Math.round(trueMs * 1e6))
}

/** Four exchanges one after another, over real packets, through the code that judges them; those that are answered. */
export function exchanges(
  server: SimulatedServer,
  local: LocalClock,
  random: Random,
): { samples: TimedSample[]; endMs: number } {
  const samples: TimedSample[] = []
  let nowMs = random.between(0, 5)
  for (let count = 0; count < 4; count++) {
    const outMs = server.outMs - server.queueMs * Math.log(1 - random.unit())
    const stayMs = random.magnitude(0.001, 2)
    const backMs = server.backMs - server.queueMs * Math.log(1 - random.unit())
    if (random.chance(server.loss)) {
      nowMs += LOST_AFTER_MS
      continue
    }
    const cookie = random.bits64()
    const t1Ns = local(nowMs)
    const response = respond(server, encodeRequest(cookie), nowMs + outMs, stayMs)
    nowMs += outMs + stayMs + backMs
    const t4Ns = local(nowMs)
    const answer = readAnswer(response, {
      cookie,
      sentAt: fromUnixNanoseconds(t1Ns),
      receivedAt: fromUnixNanoseconds(t4Ns),
    })
    if (answer.kind === 'dropped') continue
    const { packet: header, sample } = answer
    const t2Ns = toUnixNanoseconds(header.receiveTimestamp, t1Ns)
    const t3Ns = toUnixNanoseconds(header.transmitTimestamp, t4Ns)
    samples.push({ ...sample, header, t1Ns, t2Ns, t3Ns, t4Ns })
  }
  return { samples, endMs: nowMs }
}

/** What the driver makes of a server's samples, too: a candidate that holds at `nowNs`. */
export function candidateOf(samples: readonly TimedSample[], nowNs: bigint) {
  const { best, ...bounds } = estimate(samples, nowNs)
  return { offsetNs: best.offsetNs, stratum: best.header.stratum, ...bounds }
}

function respond(server: SimulatedServer, request: Uint8Array, arrivesMs: number, stayMs: number): Uint8Array {
  const { precision, stratum, rootDelayMs, rootDispersionMs } = server
  const reading = (trueMs: number): bigint => {
    const shownNs = trueNs(trueMs + server.wrongByMs + (trueMs / 1000) * (server.driftPpm / 1000))
    const tickNs = BigInt(Math.max(1, Math.floor(2 ** precision * 1e9)))
    return fromUnixNanoseconds((shownNs / tickNs) * tickNs)
  }
  return encodePacket({
    version: 4,
    mode: 4,
    stratum,
    precision,
    rootDelay: millisecondsToShort(rootDelayMs),
    rootDispersion: millisecondsToShort(rootDispersionMs),
    originTimestamp: decodePacket(request).transmitTimestamp,
    receiveTimestamp: reading(arrivesMs),
    transmitTimestamp: reading(arrivesMs + stayMs),
  })
}
