import { queryHost, resolveHost, reverseHost } from '@plainwire/socket-utils'
import { WireError } from '@plainwire/socket-utils/errors'
import type { ResolveFlags } from '../commands/resolve.ts'
import type { Context } from '../context.ts'
import { failureLine } from '../failure.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'

/** What one name or address gave. */
type Answer =
  | { readonly name: string; readonly addresses: readonly Address[] }
  | { readonly address: string; readonly family: 4 | 6; readonly name: string }
  | { readonly asked: string; readonly error: { readonly code: string; readonly message: string } }

interface Address {
  readonly address: string
  readonly family: 4 | 6
  /** From a name server alone. */
  readonly ttlSeconds?: number
}

export async function runResolve(
  context: Context,
  flags: ResolveFlags & CommonFlags,
  ...names: string[]
): Promise<void> {
  const faults: WireError[] = []
  const answers = await Promise.all(
    names.map(async (name): Promise<Answer> => {
      try {
        const startedAt = performance.now()
        const answer = await look(context, name, flags)
        context.detail(`${name}: ${Math.round(performance.now() - startedAt)} ms`)
        return answer
      } catch (error) {
        if (names.length === 1 || !(error instanceof WireError)) throw error
        faults.push(error)
        return { asked: name, error: { code: error.code, message: error.message } }
      }
    }),
  )
  if (flags.json) {
    const [only] = answers
    context.answer(names.length === 1 && only ? only : { answers }, () => [])
  } else {
    for (const answer of answers) context.tell(answer, () => lines(answer, names.length > 1))
  }
  const [fault, ...others] = faults
  for (const other of others) context.complain(failureLine(other))
  if (fault) throw fault
}

async function look(context: Context, name: string, flags: ResolveFlags & CommonFlags): Promise<Answer> {
  const family: 4 | 6 | undefined = flags.ipv4 === flags.ipv6 ? undefined : flags.ipv4 ? 4 : 6
  const options = { signal: context.signal, ...(flags.timeout && { timeoutMs: flags.timeout }) }
  const wanted = { ...options, ...(family && ({ family } as const)) }
  const { nameServer } = flags
  const found: readonly Address[] =
    nameServer === undefined
      ? await resolveHost(name, wanted)
      : await queryHost(name, { ...wanted, ...(nameServer !== 'system' && { servers: [nameServer] }) })
  if (found[0]?.address === name) return reverseHost(name, options)
  return { name, addresses: flags.all ? found : found.slice(0, 1) }
}

function lines(answer: Answer, several: boolean): string[] {
  if ('error' in answer) return []
  if ('family' in answer) return [several ? `${answer.address}  ${answer.name}` : answer.name]
  const holds = (ttl: number | undefined): string =>
    ttl === undefined ? '' : `  ${say({ en: `holds ${ttl} s`, es: `válida ${ttl} s` })}`
  return answer.addresses.map(
    ({ address, ttlSeconds }) => `${several ? `${answer.name}  ` : ''}${address}${holds(ttlSeconds)}`,
  )
}
