import { describeWithPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { synchronize } from '../../src/index.ts'
import { startChronyds } from './falsetickers.ts'

describeWithPeer('chronyd', 'several chronyds, some of which lie', (program) => {
  test.each([
    [3, [0.05]],
    [2, [3600]],
    [3, [0.2, 0.2]],
  ])('%i honest ones outvote liars who are ahead by %j s, and those are named', async (honest, lies) => {
    await using chronyds = await startChronyds(program, honest, lies)
    const result = await synchronize([...chronyds.falsetickers, ...chronyds.honest], { samples: 2 })
    expect(Math.abs(result.offsetMs)).toBeLessThanOrEqual(result.maxErrorMs)
    expect(result.falsetickers.map(({ server }) => server).sort()).toEqual(chronyds.falsetickers.toSorted())
    expect(result.failures).toEqual([])
  })

  test('two against two are no majority', async () => {
    await using chronyds = await startChronyds(program, 2, [0.2, 0.2])
    const servers = [...chronyds.honest, ...chronyds.falsetickers]
    await expect(synchronize(servers, { samples: 2 })).rejects.toMatchObject({ code: 'ntp/no-majority' })
  })
})
