// The example as it stands: three backends behind HAProxy, each rolled and each killed, under 500 requests a second.

import { fileURLToPath } from 'node:url'
import { describeWithPeer, runNode } from '@plainwire/testing'
import { expect, test } from 'vitest'

describeWithPeer('haproxy', 'a fleet of three behind HAProxy', () => {
  test('loses no request while each backend is rolled, and each killed', async () => {
    await using program = runNode(fileURLToPath(new URL('../../examples/fleet.ts', import.meta.url)), ['20'])
    expect(await program.exited).toBe(0)
    const output = program.output()
    const [, requests, replies, failed] = /requests (\d+), replies (\d+), failed (\{.*\}),/.exec(output) ?? []
    expect(output.match(/was (rolled|killed), and is back/g)).toHaveLength(6)
    expect(failed).toBe('{}')
    expect(Number(requests)).toBeGreaterThan(9000)
    // Those on their way at the end have no reply, nor a failure.
    expect(Number(requests) - Number(replies)).toBeLessThanOrEqual(32)
  })
})
