// How the five lessons are played whose program serves: it gets port 0, tells which port that became, and we are its
// clients.

import { connect } from '@plainwire/socket-utils'
import { NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'
import { mustShow, type Play } from './asking.ts'
import type { Program } from './program.ts'

/** A client of the server. What it says goes out at once; what comes back can be waited for. */
interface Client {
  readonly localPort: number
  say(text: string): void
  /** The next text, or undefined when the server has finished. */
  hears(): Promise<string | undefined>
  finish(): void
}

async function connected(port: number, signal: AbortSignal): Promise<Client> {
  const { socket, localPort } = await connect({ host: '127.0.0.1', port, signal })
  const abort = (): void => void socket.destroy()
  signal.addEventListener('abort', abort, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', abort))
  const texts = socket.setEncoding('utf8')[Symbol.asyncIterator]()
  return {
    localPort,
    say: (text) => void socket.write(text),
    async hears() {
      const { value, done } = await texts.next()
      return done === true ? undefined : String(value)
    },
    finish: () => void socket.end(),
  }
}

async function portOf(program: Program): Promise<number> {
  const [, port] = await program.line(/listening on 127\.0\.0\.1:(\d+)/)
  return Number(port)
}

function unless(shown: boolean, en: string, es: string): void {
  if (!shown) throw new NegativeAnswer(say({ en, es }))
}

/** Says a text and wants it back. */
async function echoes(client: Client, text: string): Promise<void> {
  client.say(text)
  const reply = await client.hears()
  unless(reply === text, `"${text}" came back as "${reply}"`, `"${text}" volvió como "${reply}"`)
}

/** Waits for the server's end of the connection, and then finishes ours. */
async function dismissed(client: Client): Promise<void> {
  const more = await client.hears()
  unless(
    more === undefined,
    `the server said "${more}" and should have finished`,
    `el servidor dijo "${more}" y debía acabar`,
  )
  client.finish()
}

async function acceptedAs(program: Program, client: Client): Promise<void> {
  const [, port] = await program.line(/accepted 127\.0\.0\.1:(\d+)/)
  unless(
    Number(port) === client.localPort,
    `it accepted port ${port}, not ours`,
    `aceptó el puerto ${port}, no el nuestro`,
  )
}

const TEN = ['uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez'] as const

export const serves = {
  bind: async (run) => {
    const [port] = mustShow(await run('0').finished(), /bound to 127\.0\.0\.1:(\d+)/)
    unless(Number(port) > 0, 'it has no port', 'no tiene puerto')
  },

  accept: async (run, signal) => {
    const program = run('0')
    const client = await connected(await portOf(program), signal)
    await acceptedAs(program, client)
    await dismissed(client)
    await program.finished()
  },

  echoOnce: async (run, signal) => {
    const program = run('0')
    const client = await connected(await portOf(program), signal)
    await acceptedAs(program, client)
    await echoes(client, 'hola')
    await dismissed(client)
    await program.finished()
  },

  iterative: async (run, signal) => {
    const ten = run('0')
    const port = await portOf(ten)
    // All at once: the server has to take them one by one from the kernel's queue.
    const clients = await Promise.all(TEN.map(() => connected(port, signal)))
    await Promise.all(
      clients.map(async (client, index) => {
        await echoes(client, TEN[index] ?? '')
        client.finish()
        await client.hears()
      }),
    )
    const told = await ten.finished()
    const turns = [...told.matchAll(/^connection (\d+) (from|ended)/gm)].map(([, number, what]) => `${number} ${what}`)
    const inTurn = TEN.flatMap((_, index) => [`${index + 1} from`, `${index + 1} ended`])
    unless(turns.join() === inTurn.join(), 'it did not serve ten, one at a time', 'no atendió a diez, de una en una')

    const stopped = run('0')
    const silent = await connected(await portOf(stopped), signal)
    silent.finish()
    await dismissed(silent)
    mustShow(await stopped.finished(), /stopped after 1 connections?:.* empty/)
  },

  threadPerClient: async (run, signal) => {
    const program = run('0')
    const port = await portOf(program)
    const clients = await Promise.all([1, 2, 3].map(() => connected(port, signal)))
    await Promise.all(clients.map((client, index) => echoes(client, TEN[index] ?? '')))
    const threads = new Set<string | undefined>()
    for (const _ of clients) threads.add((await program.line(/thread (\d+) serves/))[1])
    unless(threads.size === 3, 'two clients shared a thread', 'dos clientes compartieron hilo')
    for (const client of clients) client.finish()
    await Promise.all(clients.map((client) => client.hears()))
    await program.interrupt()
  },
} as const satisfies Record<string, Play>
