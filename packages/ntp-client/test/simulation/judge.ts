import { expect } from 'vitest'
import { minorityLies, nobodyHasAMajority } from './world.ts'

export interface Tally {
  readonly worlds: number
  readonly agreed: number
  readonly refused: number
}

/** Each world with a lying minority: the truth inside the bound; heard, a majority of honest servers always agrees. */
export function judgeMinorities(seeds: Iterable<number>): Tally {
  let [worlds, agreed] = [0, 0]
  for (const seed of seeds) {
    const { agreement, trueOffsetNs, honestAnswers, quorum, lie } = minorityLies(seed)
    worlds++
    if (agreement === undefined) {
      if (honestAnswers >= quorum) expect.fail(`world ${seed}: ${honestAnswers} honest servers were not believed`)
      continue
    }
    agreed++
    const wrongByMs = Math.abs(Number(agreement.offsetNs - trueOffsetNs)) / 1e6
    if (!(wrongByMs <= agreement.maxErrorMs)) {
      expect.fail(`world ${seed} (${lie}): wrong by ${wrongByMs} ms, though by ${agreement.maxErrorMs} at most`)
    }
    const { survivors, outliers, falsetickers } = agreement
    if (lie === 'far' || lie === 'colluding far') {
      const honestOnly =
        [...survivors, ...outliers].every(({ liar }) => !liar) && falsetickers.every(({ liar }) => liar)
      if (!honestOnly) expect.fail(`world ${seed} (${lie}): a liar among the survivors, or an honest one cast out`)
    }
  }
  return { worlds, agreed, refused: worlds - agreed }
}

/** Each world without a majority is refused. */
export function judgeSplits(seeds: Iterable<number>): Tally {
  let worlds = 0
  for (const seed of seeds) {
    const { agreement, servers } = nobodyHasAMajority(seed)
    if (agreement) expect.fail(`world ${seed}: ${agreement.survivors.length} of ${servers} servers were believed`)
    worlds++
  }
  return { worlds, agreed: 0, refused: worlds }
}

export function* seeds(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed++) yield seed
}
