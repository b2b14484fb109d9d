import { setTimeout as sleep } from 'node:timers/promises'

/** False where the signal ended it. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
