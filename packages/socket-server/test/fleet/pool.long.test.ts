// What only time and numbers show of sockets that are moved between threads.

import { fileURLToPath } from 'node:url'
import { runNode } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { canTransferSockets } from '../../src/socket-transfer.ts'

async function run(program: string, ...args: string[]): Promise<Record<string, unknown>> {
  await using child = runNode(fileURLToPath(new URL(program, import.meta.url)), args)
  const code = await child.exited
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${child.output()}`)
  return JSON.parse(child.output().split('\n').at(-1) ?? '') as Record<string, unknown>
}

describe.runIf(canTransferSockets())('a pool of threads', () => {
  test('a thread killed every 100 ms for 10 s under 100 clients: whoever was accepted is accounted for, nothing is left', async () => {
    const seen = await run('stampede.ts', '10', '100')
    expect(seen['kills']).toBeGreaterThan(20)
    expect(seen['exits']).toBeGreaterThanOrEqual(Number(seen['kills']))
    expect(seen['served']).toBeGreaterThan(1000)
    expect(seen).toMatchObject({ open: 0, waiting: 0, last: 'hello', accepted: seen['closed'] })
    // Those whom the kernel had completed and who were gone before they were accepted have not been.
    expect(Number(seen['accepted'])).toBeLessThanOrEqual(Number(seen['connected']) + 1)
    expect(seen['workers']).toEqual(['closed', 'closed', 'closed', 'closed'])
    expect(seen['after']).toEqual(seen['before'])
  })

  test('100,000 connections of 50 messages each: none stalls', async () => {
    const seen = await run('transfer-soak.ts', '100000', '50')
    expect(seen).toMatchObject({
      connections: 100_000,
      messages: 5_000_000,
      stalls: 0,
      broken: 0,
      accepted: 100_000,
      open: 0,
    })
    expect(seen['closed']).toBe(100_000)
  })
})
