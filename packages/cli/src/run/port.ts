import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { type ClosedPort, type OpenPort, probePort, reservePort, waitForPort } from '@plainwire/socket-utils'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, WireError } from '@plainwire/socket-utils/errors'
import type { FreeFlags, Place, WaitFlags } from '../commands/port.ts'
import type { Context } from '../context.ts'
import { ExitCode, Interrupted, NegativeAnswer, ProgramEnded } from '../exit-code.ts'
import { causeOf, failureLine } from '../failure.ts'
import type { CommonFlags } from '../flags.ts'
import { type Localized, say } from '../language.ts'
import { reasonOf } from '../output/files.ts'

const STATES: Readonly<Record<OpenPort['state'] | ClosedPort['state'], Localized>> = {
  open: { en: 'open', es: 'abierto' },
  refused: { en: 'refused', es: 'rechazado' },
  'timed-out': { en: 'silent', es: 'sin respuesta' },
  unreachable: { en: 'unreachable', es: 'inalcanzable' },
}

export async function checkPorts(context: Context, flags: CommonFlags, ...places: Place[]): Promise<void> {
  const faults: WireError[] = []
  const results = await Promise.all(
    places.map(async (place) => {
      const options = { ...place, signal: context.signal, ...(flags.timeout && { timeoutMs: flags.timeout }) }
      try {
        const result = documentOf(place, await probePort(options))
        context.tell(result, () => [lineOf(result)])
        return result
      } catch (error) {
        if (places.length === 1 || !(error instanceof WireError)) throw error
        faults.push(error)
        const result = { ...place, error: { code: error.code, message: error.message } }
        context.tell(result, () => [])
        return result
      }
    }),
  )
  if (flags.json) context.answer({ ports: results }, () => [])
  const [fault, ...others] = faults
  for (const other of others) context.complain(failureLine(other))
  if (fault) throw fault
  const closed = results.filter((result): result is Found => 'state' in result && result.state !== 'open')
  if (closed.length > 0) throw new NegativeAnswer(notOpen(closed))
}

export async function waitForPorts(
  context: Context,
  flags: WaitFlags & CommonFlags,
  ...places: Place[]
): Promise<void> {
  const startedAt = performance.now()
  const runsCommand = context.command.length > 0 // stdout is that one's then
  const options = {
    signal: context.signal,
    intervalMs: flags.interval,
    ...(flags.timeout && { timeoutMs: flags.timeout }),
  }
  const waits = places.map(async (place) => {
    const asked = { ...place, ...options }
    const found = flags.for === 'closed' ? waitForPort({ ...asked, for: 'closed' }) : waitForPort(asked)
    const result = { ...documentOf(place, await found), afterMs: Math.round(performance.now() - startedAt) }
    if (runsCommand) context.note(lineOf(result))
    else context.tell(result, () => [lineOf(result)])
    return result
  })
  const results = await Promise.allSettled(waits)
  const [fault] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (fault !== undefined && !isLate(fault)) throw fault
  if (flags.json && !runsCommand) {
    const ports = results.map((result, index) => (result.status === 'fulfilled' ? result.value : places[index]))
    context.answer({ ports }, () => [])
  }
  if (fault !== undefined) throw new NegativeAnswer(causeOf(fault)) // the answer to "is it there in time" is no
  if (runsCommand) await runCommand(context, context.command)
}

function isLate(fault: unknown): fault is NetworkError {
  return fault instanceof NetworkError && fault.code === 'timed-out'
}

/** What a shell exits with where a command cannot be run. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/** Runs it in our place: the same streams, the same signals, and its exit status becomes ours. */
async function runCommand(context: Context, [program = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'inherit' })
  const interrupt = (): void => {
    const { reason } = context.signal
    const signal = reason instanceof Interrupted && reason.exitCode === ExitCode.interrupted ? 'SIGINT' : 'SIGTERM'
    // A terminal gives its Ctrl-C to all who stand before it: the program has got it already.
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal)
  }
  context.signal.addEventListener('abort', interrupt, { once: true })
  try {
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    const status = code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy])
    if (status !== 0) throw new ProgramEnded(status)
  } catch (error) {
    if (error instanceof ProgramEnded) throw error
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const why = isMissing ? say({ en: 'there is no such program', es: 'no existe ese programa' }) : reasonOf(error)
    const line = say({ en: `cannot run ${program}: ${why}`, es: `no se puede ejecutar ${program}: ${why}` })
    context.complain(`plainwire: ${line}`)
    throw new ProgramEnded(isMissing ? NOT_FOUND : NOT_EXECUTABLE)
  } finally {
    context.signal.removeEventListener('abort', interrupt)
  }
}

export async function freePorts(context: Context, { count }: FreeFlags): Promise<void> {
  // Held until all are found, so that none is given twice.
  const reserved = await Promise.all(Array.from({ length: count }, () => reservePort()))
  await Promise.all(reserved.map((port) => port[Symbol.asyncDispose]()))
  const ports = reserved.map(({ port }) => port)
  context.answer({ ports }, () => ports.map(String))
}

interface Found {
  readonly host: string
  readonly port: number
  readonly state: OpenPort['state'] | ClosedPort['state']
  readonly address?: string
  readonly afterMs?: number
}

function documentOf(place: Place, result: OpenPort | ClosedPort): Found {
  return { ...place, state: result.state, ...(result.state === 'open' && { address: result.address }) }
}

function lineOf({ host, port, state, address, afterMs }: Found): string {
  const at = address === undefined || address === host ? '' : `  ${address}`
  const after = afterMs === undefined ? '' : `  ${afterMs} ms`
  return `${formatEndpoint({ host, port })}  ${say(STATES[state])}${at}${after}`
}

function notOpen(closed: readonly Found[]): string {
  const list = closed.map(({ host, port }) => formatEndpoint({ host, port })).join(', ')
  return closed.length === 1
    ? say({ en: `not open: ${list}`, es: `no está abierto: ${list}` })
    : say({ en: `not open: ${list}`, es: `no están abiertos: ${list}` })
}
