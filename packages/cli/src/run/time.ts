import {
  type Authenticator,
  authenticateWith,
  parseKeyFile,
  query,
  type QueryOptions,
  type SymmetricKey,
} from '@plainwire/ntp-client'
import type { TimeFlags } from '../commands/time.ts'
import type { Context } from '../context.ts'
import { startTimeServer, targetOr } from '../embedded.ts'
import { FileFault, UsageError } from '../exit-code.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'
import { reasonOf } from '../output/files.ts'
import { readInput } from '../output/input.ts'
import { oneDocument, oneServer } from '../output/one-server.ts'

type Flags = TimeFlags & CommonFlags

export async function runTime(context: Context, flags: Flags, ...servers: string[]): Promise<void> {
  if (flags.count !== undefined && !flags.watch)
    throw new UsageError(
      say({
        en: '--count needs --watch; --samples says how often to ask',
        es: '--count necesita --watch; --samples dice cuántas veces preguntar',
      }),
    )
  if (servers.length > 1) {
    if (flags.watch)
      throw new UsageError(say({ en: '--watch takes one server', es: '--watch admite un solo servidor' }))
    return (await import('./time-of-many.ts')).timeOfMany(context, flags, servers)
  }
  const options = await queryOptions(context, flags)
  await using target = await targetOr(servers[0], startTimeServer, String, context)
  if (flags.watch) {
    const { watchTime } = await import('./time-watched.ts')
    return await watchTime(context, flags, () => query(target.text, { ...options, samples: 1 }))
  }
  const result = await query(target.text, options)
  context.answer(oneDocument(result), () => oneServer(result, context))
}

/** What every query of this command is asked with. */
export async function queryOptions(context: Context, flags: Flags): Promise<QueryOptions> {
  const { samples, timeout, trace } = flags
  const show = trace ? (await import('../output/trace.ts')).traceExchange : undefined
  const authenticator = await authenticatorOf(context, flags)
  return {
    samples,
    signal: context.signal,
    ...(timeout && { timeoutMs: timeout }),
    ...(authenticator && { authenticator }),
    onExchange: (exchange) => {
      for (const line of show?.(exchange) ?? []) context.complain(line)
      const { offsetNs, delayNs } = exchange
      const said = say({ en: 'answer', es: 'respuesta' })
      context.detail(`${said}: ${(Number(offsetNs) / 1e6).toFixed(6)} ms ± ${(Number(delayNs) / 2e6).toFixed(6)} ms`)
    },
  }
}

async function authenticatorOf(context: Context, { keys, key: wanted }: Flags): Promise<Authenticator | undefined> {
  if (keys === undefined) {
    if (wanted === undefined) return undefined
    throw new UsageError(say({ en: '--key needs --keys FILE', es: '--key necesita --keys FICHERO' }))
  }
  const text = new TextDecoder().decode(await readInput(keys, context))
  let all: readonly SymmetricKey[]
  try {
    all = parseKeyFile(text)
  } catch (error) {
    throw new FileFault(`${keys}: ${reasonOf(error)}`)
  }
  const found = wanted === undefined ? all[0] : all.find(({ id }) => id === wanted)
  if (found) return authenticateWith(found)
  const id = wanted ?? ''
  throw new UsageError(say({ en: `${keys} has no key ${id}`, es: `${keys} no tiene la clave ${id}` }))
}
