// Worlds in which a client with a wrong clock asks servers of which some lie: one number makes a whole world.

import { agree, type Agreement } from '../../src/protocol/agreement.ts'
import { Random } from './random.ts'
import { candidateOf, exchanges, trueNs, type LocalClock, type SimulatedServer } from './server.ts'

/** How the liars of a world lie. */
export type Lie = 'far' | 'colluding far' | 'near the edge' | 'colluding inside' | 'vague'

export interface Outcome {
  readonly seed: number
  readonly lie: Lie
  readonly servers: number
  readonly liars: number
  /** How many must agree, and how many honest ones were heard. */
  readonly quorum: number
  readonly honestAnswers: number
  readonly agreement: Agreement<Named> | undefined
  /** What the client should have found. */
  readonly trueOffsetNs: bigint
}

type Named = ReturnType<typeof candidateOf> & { readonly liar: boolean }

const LIES: readonly Lie[] = ['far', 'colluding far', 'near the edge', 'colluding inside', 'vague']
/** No world lasts longer: four exchanges that are lost, or take their time. */
const LONGEST_S = 60

/** Fewer than half of the servers lie. */
export function minorityLies(seed: number): Outcome {
  const random = new Random(seed)
  const count = random.whole(1, 9)
  const liars = random.whole(0, Math.ceil(count / 2) - 1)
  const lie = random.pick(LIES)
  const honest = Array.from({ length: count - liars }, () => honestServer(random))
  const lying = lyingServers(lie, liars, random)
  const all = [...honest.map((server) => ({ server, liar: false })), ...lying.map((server) => ({ server, liar: true }))]
  return { seed, lie, servers: count, liars, ...ask(all, random) }
}

/** Camps that are further apart than any of them may be wrong, none of which has more than half of the servers. */
export function nobodyHasAMajority(seed: number): Outcome {
  const random = new Random(seed)
  const count = random.whole(2, 9)
  const largest = Math.floor(count / 2)
  const all: { server: SimulatedServer; liar: boolean }[] = []
  for (let camp = 0; all.length < count; camp++) {
    const size = Math.min(random.whole(1, largest), count - all.length)
    const apartMs = camp * 3_600_000 * (1 + random.unit())
    for (let member = 0; member < size; member++) {
      const server = honestServer(random)
      all.push({ server: { ...server, wrongByMs: server.wrongByMs + apartMs }, liar: camp > 0 })
    }
  }
  const liars = all.filter(({ liar }) => liar).length
  return { seed, lie: 'colluding far', servers: count, liars, ...ask(all, random) }
}

/** Wrong, but within what it claims: at any time that the world lasts, in the steps that the wire has. */
function honestServer(random: Random): SimulatedServer {
  const rootDelayMs = random.chance(0.3) ? 0 : random.magnitude(0.01, 200)
  const wrongByMs = random.chance(0.2) ? 0 : random.sign() * random.magnitude(0.001, 50)
  const driftPpm = random.between(-15, 15)
  const needed = Math.max(0, Math.abs(wrongByMs) - rootDelayMs / 2) + (LONGEST_S * Math.abs(driftPpm)) / 1000 + 0.05
  const rootDispersionMs = needed * (random.chance(0.3) ? 1 : random.between(1, 5))
  return {
    wrongByMs,
    driftPpm,
    rootDelayMs,
    rootDispersionMs,
    precision: random.chance(0.1) ? -6 : random.whole(-25, -15),
    stratum: random.whole(1, 4),
    outMs: random.chance(0.2) ? 0.001 : random.magnitude(0.01, 300),
    backMs: random.chance(0.2) ? 0.001 : random.magnitude(0.01, 300),
    queueMs: random.magnitude(0.001, 50),
    loss: random.chance(0.5) ? 0 : random.between(0, 0.6),
  }
}

function lyingServers(lie: Lie, count: number, random: Random): SimulatedServer[] {
  const together = random.sign() * random.magnitude(5000, 3_600_000)
  const inside = random.between(-20, 20)
  return Array.from({ length: count }, () => {
    const base = honestServer(random)
    const sure = { ...base, rootDelayMs: 0, rootDispersionMs: 0, precision: -25, stratum: 1 }
    switch (lie) {
      case 'far':
        return { ...sure, wrongByMs: random.sign() * random.magnitude(5000, 3_600_000) }
      case 'colluding far':
        return { ...sure, wrongByMs: together }
      case 'near the edge':
        return { ...sure, wrongByMs: random.between(-400, 400) }
      case 'colluding inside':
        // All honest intervals overlap them, which makes the smallest intersection a lie.
        return { ...sure, wrongByMs: inside, outMs: 0.001, backMs: 0.001, queueMs: 0.001, loss: 0 }
      case 'vague':
        return {
          ...base,
          wrongByMs: random.sign() * random.magnitude(5, 10_000),
          rootDispersionMs: random.between(0, 15_000),
        }
    }
  })
}

function ask(
  all: readonly { readonly server: SimulatedServer; readonly liar: boolean }[],
  random: Random,
): Pick<Outcome, 'quorum' | 'honestAnswers' | 'agreement' | 'trueOffsetNs'> {
  const local = localClock(random)
  const heard = all
    .map(({ server, liar }) => ({ liar, ...exchanges(server, local, random) }))
    .filter(({ samples }) => samples.length > 0)
  const endMs = Math.max(0, ...heard.map(({ endMs }) => endMs))
  const nowNs = local(endMs)
  const candidates = heard.map(({ liar, samples }) => ({ liar, ...candidateOf(samples, nowNs) }))
  const quorum = Math.floor(all.length / 2) + 1
  return {
    quorum,
    honestAnswers: heard.filter(({ liar }) => !liar).length,
    agreement: agree(candidates, { quorum, liars: all.length - quorum }),
    trueOffsetNs: trueNs(endMs) - nowNs,
  }
}

/** Wrong by up to an hour or by 60 years, and drifting by up to 500 ppm. */
function localClock(random: Random): LocalClock {
  const wrongByMs = random.pick([0, 0.01, 25, 3_600_000, 60 * 31_556_952_000]) * random.sign()
  const drift = random.between(-499e-6, 499e-6)
  const wrongByNs = BigInt(Math.round(wrongByMs * 1e6))
  return (trueMs) => trueNs(trueMs * (1 + drift)) + wrongByNs
}
