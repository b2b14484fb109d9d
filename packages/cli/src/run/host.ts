import { interfaces, localHostname, type NetworkInterface, qualifiedHostname } from '@plainwire/socket-utils'
import type { HostFlags } from '../commands/host.ts'
import type { Context } from '../context.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'

export async function runHost(context: Context, flags: HostFlags & CommonFlags): Promise<void> {
  const options = { signal: context.signal, ...(flags.timeout && { timeoutMs: flags.timeout }) }
  const name = flags.full ? await qualifiedHostname(options) : localHostname()
  const found = flags.interfaces ? interfaces() : undefined
  context.answer({ name, ...(found && { interfaces: found }) }, () => [name, ...(found ?? []).flatMap(described)])
}

function described({ name, index, addresses }: NetworkInterface): string[] {
  const shown = addresses.map(({ address, prefixLength, zone }) => {
    const network = prefixLength === undefined ? '' : `/${prefixLength}`
    return `${address}${zone === undefined ? '' : `%${zone}`}${network}`
  })
  const [first = say({ en: 'no address', es: 'sin dirección' }), ...others] = shown
  const label = `${String(index ?? '').padStart(3)}  ${name.padEnd(12)}  `
  return [label + first, ...others.map((address) => ' '.repeat(label.length) + address)]
}
