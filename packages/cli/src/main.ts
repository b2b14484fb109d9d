import { run } from '@stricli/core'
import { applicationFor } from './application.ts'
import { partedFromCommand } from './argv.ts'
import { createContext } from './context.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeFor, failureLine } from './failure.ts'
import { loadTable } from './table.ts'

/**
 * What took longer is left to end by itself: process.exit() may wait for ever, for a thread of V8's that compiles what has
 * become hot and waits for this one to collect garbage (nodejs/node#54918). It takes 1.5 ms more, which is felt in brief ones.
 */
const BRIEF_MS = 200

/** Then it is ended after all: a name look-up that was given up cannot be cancelled, and would go on for seconds. */
const LINGER_MS = 20

// No top-level await: what is published is one CommonJS file, which starts in two thirds of the time (see tsup.config.ts).
void main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const { words, command } = await partedFromCommand(args)
  const context = createContext(command)
  await run(applicationFor(await loadTable(words[0])), words, context)
  await context.flush() // after all that was printed, and after the error if that could not be written

  // The framework's own faults are negative; all of them say that the command line was not understood.
  const framework = Number(context.process.exitCode ?? ExitCode.ok)
  let exitCode = framework < 0 ? ExitCode.usage : framework
  const { aborted, reason } = context.interruption
  if (aborted && exitCode === ExitCode.ok) {
    exitCode = exitCodeFor(reason)
    if (exitCode !== ExitCode.ok) context.complain(failureLine(reason))
  }
  if (performance.now() < BRIEF_MS) process.exit(exitCode)
  process.exitCode = exitCode
  setTimeout(() => process.exit(), LINGER_MS).unref()
}
