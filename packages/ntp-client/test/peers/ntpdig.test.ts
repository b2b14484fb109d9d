// ntpdig as our client. It asks port 123 and no other: both run in a network of their own, where that port is free.

import { fileURLToPath } from 'node:url'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { describeInNamespace, networkNamespace } from '@plainwire/testing/namespace'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('ntpdig-in-namespace.ts', import.meta.url))

interface Dug {
  /** Seconds, as is precision: the synchronization distance, by which the offset may be wrong. */
  readonly offset: number
  readonly precision: number
  readonly stratum: number
  readonly leap: string
}

describeWithPeer('ntpdig', 'ntpdig', (ntpdig) => {
  describeInNamespace(networkNamespace(), 'in a network of its own', (inNamespace) => {
    test.each([
      [0, 1, 0, 'no-leap'],
      [250, 7, 1, 'add-leap'],
      [-1500, 15, 2, 'del-leap'],
    ])('reads our server, which is %i ms ahead at stratum %i with leap %i', async (offsetMs, stratum, leap, says) => {
      const options = JSON.stringify({ offsetMs, stratum, leap })
      const [program, ...args] = inNamespace(process.execPath, PROGRAM, ntpdig, options)
      await using server = startPeer(program, args)
      const [json] = await server.line(/^\{.*\}$/)
      const found = JSON.parse(json) as Dug
      expect(found).toMatchObject({ stratum, leap: says })
      expect(Math.abs(found.offset * 1000 - offsetMs)).toBeLessThanOrEqual(found.precision * 1000)
      expect(await server.exited).toBe(0)
    })
  })
})
