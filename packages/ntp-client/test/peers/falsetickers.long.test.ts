import { describeWithPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { synchronize } from '../../src/index.ts'
import { startChronyds } from './falsetickers.ts'

const RUNS = 200

describeWithPeer('chronyd', 'several chronyds, some of which lie, 200 times each', (program) => {
  test.each([
    [2, [0.05]],
    [3, [0.05]],
    [3, [3600]],
    [3, [0.05, 0.05]],
    [4, [-0.2, 3600, 0.05]],
    [5, [0.1, 0.1, 0.1, 0.1]],
  ])('%i honest ones beside liars ahead by %j s: 0 wrong', async (honest, lies) => {
    await using chronyds = await startChronyds(program, honest, lies)
    const errorsMs: number[] = []
    for (let run = 0; run < RUNS; run++) {
      const { offsetMs, maxErrorMs, falsetickers } = await synchronize([...chronyds.honest, ...chronyds.falsetickers])
      expect(Math.abs(offsetMs), `run ${run}`).toBeLessThanOrEqual(maxErrorMs)
      expect(falsetickers).toHaveLength(lies.length)
      errorsMs.push(Math.abs(offsetMs))
    }
    const [median, worst] = [errorsMs.sort((a, b) => a - b)[RUNS / 2] ?? NaN, errorsMs.at(-1) ?? NaN]
    process.stdout.write(
      `${honest} honest, liars ${JSON.stringify(lies)}: 0 of ${RUNS} wrong, ` +
        `error median ${(median * 1000).toFixed(1)} µs, max ${(worst * 1000).toFixed(1)} µs\n`,
    )
  })

  test.each([
    [1, [0.05]],
    [2, [0.05, 0.05]],
  ])('%i honest ones beside as many liars: all refused', async (honest, lies) => {
    await using chronyds = await startChronyds(program, honest, lies)
    for (let run = 0; run < RUNS; run++) {
      const attempt = synchronize([...chronyds.honest, ...chronyds.falsetickers])
      await expect(attempt, `run ${run}`).rejects.toMatchObject({ code: 'ntp/no-majority' })
    }
  })
})
