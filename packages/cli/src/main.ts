#!/usr/bin/env node
import { run } from '@stricli/core'
import { application } from './application.ts'
import { createContext } from './context.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeFor, failureLine } from './failure.ts'

const context = createContext()
await run(application, process.argv.slice(2), context)
await context.write(new Uint8Array()) // after all that was printed, and after the error if that could not be written

// The framework's own faults are negative; all of them say that the command line was not understood.
const framework = Number(context.process.exitCode ?? ExitCode.ok)
let exitCode = framework < 0 ? ExitCode.usage : framework
const { aborted, reason } = context.signal
if (aborted && exitCode === ExitCode.ok) {
  exitCode = exitCodeFor(reason)
  if (exitCode !== ExitCode.ok) context.note(failureLine(reason))
}
// Not left to the event loop: a name look-up that was given up cannot be cancelled and would go on for seconds.
process.exit(exitCode)
