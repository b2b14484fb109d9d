#!/usr/bin/env node
import { run } from '@stricli/core'
import { application } from './application.ts'
import { createContext } from './context.ts'
import { ExitCode } from './exit-code.ts'

const context = createContext()
await run(application, process.argv.slice(2), context)

// The framework's own faults are negative; all of them say that the command line was not understood.
const framework = Number(context.process.exitCode ?? ExitCode.ok)
process.exitCode = framework < 0 ? ExitCode.usage : framework

// A name look-up that was given up cannot be cancelled and would keep the process for seconds.
process.stdout.write('', () => process.exit())
