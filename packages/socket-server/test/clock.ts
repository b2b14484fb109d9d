import { onTestFinished, vi } from 'vitest'

/** The clock that deadlines are kept by, in the hands of a test: however slow the machine is, no time passes by itself. */
export interface StoppedClock extends Disposable {
  /** Resolves when whatever is due by then has been seen to. */
  pass(ms: number): Promise<void>
}

/** Of this thread alone; sockets do not mind. */
export function stoppedClock(): StoppedClock {
  const now = Math.ceil(performance.now()) // whole, so that sums of moments are exact
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
  onTestFinished(() => void vi.useRealTimers()) // a test that never comes to its end must not stop the others
  vi.advanceTimersByTime(now) // it goes on from where it is
  return {
    async pass(ms) {
      vi.advanceTimersByTime(ms)
      // Deadlines are looked at after the reading that is due, so a turn later.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    },
    [Symbol.dispose]: () => void vi.useRealTimers(),
  }
}
