import { setImmediate } from 'node:timers/promises'

/** Open UDP sockets and running timers, once what is closing has closed. */
export async function openHandles(): Promise<{ sockets: number; timers: number }> {
  await setImmediate()
  await setImmediate()
  const names = process.getActiveResourcesInfo()
  const count = (kind: string): number => names.filter((name) => name.startsWith(kind)).length
  return { sockets: count('UDP'), timers: count('Timeout') }
}

/** What is open more than `before`; the test runner's own timers come and go. */
export async function leftOpen(before: { sockets: number; timers: number }): Promise<object> {
  const { sockets, timers } = await openHandles()
  return { sockets: Math.max(0, sockets - before.sockets), timers: Math.max(0, timers - before.timers) }
}
