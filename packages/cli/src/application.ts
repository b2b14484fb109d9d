// The command table. Everything that a person can type is reached from here, and nothing is parsed elsewhere.

import { buildApplication, buildRouteMap } from '@stricli/core'
import manifest from '../package.json' with { type: 'json' }
import { getCommand } from './commands/get.ts'
import { hostCommand } from './commands/host.ts'
import { lessonCommand } from './commands/lesson.ts'
import { resolveCommand } from './commands/resolve.ts'
import { serveCommand } from './commands/serve.ts'
import { serviceCommand } from './commands/service.ts'
import { timeCommand } from './commands/time.ts'
import { tourCommand } from './commands/tour.ts'
import { exitCodeFor } from './failure.ts'
import { frameworkText } from './framework-text.ts'
import { say } from './language.ts'

const root = buildRouteMap({
  routes: {
    host: hostCommand,
    resolve: resolveCommand,
    service: serviceCommand,
    time: timeCommand,
    get: getCommand,
    serve: serveCommand,
    lesson: lessonCommand,
    tour: tourCommand,
  },
  docs: {
    brief: say({
      en: 'Small network protocols, byte by byte. Start with: plainwire tour',
      es: 'Protocolos de red pequeños, byte a byte. Empieza con: plainwire tour',
    }),
  },
})

export const application = buildApplication(root, {
  name: 'plainwire',
  versionInfo: { currentVersion: manifest.version },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: { caseStyle: 'convert-camel-to-kebab', useAliasInUsageLine: false, onlyRequiredInUsageLine: true },
  localization: { text: frameworkText },
  determineExitCode: exitCodeFor,
})
