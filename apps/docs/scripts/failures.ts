// What goes wrong, made to go wrong: each lesson's program run where it cannot succeed, and what it says then.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { PROGRAMS } from './programs.ts'

export interface Failure {
  readonly id: string
  /** As typed, where it can be repeated as it is. */
  readonly typed: string
  readonly printed: string
}

const DEADLINE_MS = 20_000

/** A target that is there for as long as the scope. */
interface Trouble extends AsyncDisposable {
  readonly target: string
}

const fixed = (target: string) => (): Promise<Trouble> =>
  Promise.resolve({ target, [Symbol.asyncDispose]: () => Promise.resolve() })

/** A port on which nothing listens: it was free a moment ago. */
const closedPort = (format: (port: number) => string) => async (): Promise<Trouble> => {
  const server = await listening(() => {})
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return fixed(format(port))()
}

const serverThat =
  (behave: (socket: Socket) => void, format: (port: number) => string) => async (): Promise<Trouble> => {
    const server = await listening((socket) => behave(socket.on('error', () => {})))
    return {
      target: format((server.address() as AddressInfo).port),
      async [Symbol.asyncDispose]() {
        server.close()
        await once(server, 'close')
      },
    }
  }

const httpUrl = (port: number): string => `http://127.0.0.1:${port}/`

interface Meeting {
  readonly at: () => Promise<Trouble>
  readonly client?: (port: number) => void
}

/** Of each lesson: where its program is sent, or a client that it meets. */
const TROUBLES: Readonly<Record<string, Meeting>> = {
  'basics-02': { at: fixed('127.1') },
  'basics-03': { at: fixed('4/tcp') },
  'basics-04': { at: closedPort((port) => `127.0.0.1:${port}`) },
  'basics-05': { at: closedPort((port) => `127.0.0.1:${port}`) },
  'socket-02': { at: fixed('http://www..com/') },
  'socket-03': { at: closedPort(httpUrl) },
  'socket-04': { at: serverThat((socket) => socket.resetAndDestroy(), httpUrl) },
  'socket-05': {
    at: serverThat((socket) => {
      socket.on('error', () => {}).resume()
      socket.end('HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nonly this much')
    }, httpUrl),
  },
  'server-01': { at: fixed('70000') },
  'server-02': { at: serverThat(() => {}, String) },
  'server-03': {
    at: fixed('0'),
    client: comesAndGoes,
  },
  'server-04': {
    at: fixed('0'),
    client: comesAndGoes,
  },
  'server-05': { at: serverThat(() => {}, String) },
}

/** Connects, and finishes without a word. */
function comesAndGoes(port: number): void {
  connect({ port, host: '127.0.0.1' })
    .on('error', () => {})
    .resume()
    .end()
}

export async function failures(): Promise<Failure[]> {
  const all = Object.keys(TROUBLES).map((id) => failure(id))
  if (process.platform !== 'win32') all.push(withoutDescriptors())
  return Promise.all(all)
}

async function failure(id: string): Promise<Failure> {
  const { at, client } = TROUBLES[id] as Meeting
  await using trouble = await at()
  const program = fileURLToPath(import.meta.resolve(PROGRAMS[id] ?? ''))
  const args = [program, trouble.target]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: DEADLINE_MS })
  let printed = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk))
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const port = /listening on \S+:(\d+)/.exec(chunk)?.[1]
    if (port !== undefined) client?.(Number(port))
    printed += chunk
  })
  await once(child, 'close')
  if (child.signalCode !== null) throw new Error(`${id} against ${trouble.target} did not end:\n${printed}`)
  return { id, typed: `node ${basename(program)} ${trouble.target}`, printed: printed.trimEnd() }
}

/** socket-01 in a process that may open no more files than it has once it runs. */
async function withoutDescriptors(): Promise<Failure> {
  const program = fileURLToPath(import.meta.resolve(PROGRAMS['socket-01'] ?? ''))
  for (let limit = 18; limit < 64; limit++) {
    const child = spawn('sh', ['-c', `ulimit -n ${limit} && exec "$0" "$1"`, process.execPath, program], {
      timeout: DEADLINE_MS,
    })
    const [printed] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'close')])
    // Below that Node cannot even start.
    if (/descriptor|EMFILE/.test(printed) && printed.trim().split('\n').length === 1)
      return { id: 'socket-01', typed: `ulimit -n ${limit}; node socket-01-create.ts`, printed: printed.trimEnd() }
  }
  throw new Error('no limit of descriptors lets Node start and socket-01 fail')
}

async function listening(behave: (socket: Socket) => void): Promise<Server> {
  const server = createServer(behave).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
