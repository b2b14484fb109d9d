// Keeps the machine's cores from falling asleep. To wake the one that the server runs on costs the client's own core, in a
// virtual machine, 10 µs at each connect, write and close; and only the slower contender gives it the time to fall asleep.

import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism, constants, setPriority } from 'node:os'

/** A process for each core, of the lowest priority: who has work to do takes the core from it. */
export function stayAwake(): Disposable {
  const spinners: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  )
  for (const { pid } of spinners) if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  const stop = (): void => spinners.forEach((spinner) => spinner.kill('SIGKILL'))
  process.once('exit', stop)
  return {
    [Symbol.dispose]() {
      process.off('exit', stop)
      stop()
    },
  }
}
