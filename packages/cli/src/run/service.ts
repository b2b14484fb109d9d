import { serviceByName, serviceByPort } from '@plainwire/socket-utils'
import { quoted } from '@plainwire/socket-utils/errors'
import type { ServiceFlags, Wanted } from '../commands/service.ts'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'

export async function runService(
  context: Context,
  flags: ServiceFlags,
  { text, portOrName, protocol }: Wanted,
): Promise<void> {
  const options = flags.iana ? { source: 'iana' as const } : {}
  const service =
    typeof portOrName === 'number'
      ? await serviceByPort(portOrName, protocol, options)
      : await serviceByName(portOrName, protocol, options)
  if (service === undefined) {
    throw new NegativeAnswer(
      say({ en: `no service is known as ${quoted(text)}`, es: `no se conoce ningún servicio ${quoted(text)}` }),
    )
  }
  context.answer(service, () => {
    const { name, port, aliases, source, description } = service
    const also = aliases.length > 0 ? `  ${say({ en: 'also', es: 'también' })} ${aliases.join(', ')}` : ''
    const from = source === 'system' ? say({ en: 'system', es: 'sistema' }) : 'IANA'
    const what = description === undefined || description === '' ? '' : `  ${description}`
    return [`${name}  ${port}/${service.protocol}${also}${what}  (${from})`]
  })
}
