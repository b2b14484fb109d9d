// Who is compared, and how each is started: as a process of its own that prints `listening PORT`.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findProgram, unusedPort } from '@plainwire/testing'
import { build } from 'tsup'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export type Phase = 'small' | 'large' | 'idle' | 'accept' | 'newcomers' | 'many'

export interface Contender {
  readonly name: string
  /** What it takes part in. */
  readonly phases: readonly Phase[]
  readonly command: (port: number) => readonly string[]
  /** It cannot say when it listens, nor pick a port. */
  readonly silent?: boolean
}

const ALL: readonly Phase[] = ['small', 'large', 'idle', 'accept', 'newcomers', 'many']

export interface Programs {
  readonly load: string
  readonly contenders: readonly Contender[]
  readonly missing: readonly string[]
}

/**
 * Ours as it is published: JavaScript. What Node keeps of TypeScript sources that it runs is looked through by every
 * collection of garbage, which made 64 KiB messages cost a quarter more.
 */
async function compileOurs(directory: string): Promise<string> {
  const outDir = join(directory, 'plainwire')
  mkdirSync(outDir)
  writeFileSync(join(outDir, 'package.json'), '{ "type": "module" }')
  await build({
    entry: {
      plainwire: here('servers/plainwire.ts'),
      'echo-handlers': here('servers/echo-handlers.ts'),
      'acceptor-worker': here('../src/acceptor-worker.ts'),
      'client-worker': here('../src/strategies/client-worker.ts'),
      'pool-worker': here('../src/strategies/pool-worker.ts'),
      'process-worker': here('../src/strategies/process-worker.ts'),
    },
    outDir,
    outExtension: () => ({ js: '.js' }),
    format: 'esm',
    target: 'node22.12',
    noExternal: [/^@plainwire/],
    splitting: false,
    config: false,
    silent: true,
  })
  return join(outDir, 'plainwire.js')
}

/** Compiles what has to be, into `directory`. Throws without a C compiler: then there is nothing to put load on with. */
export async function prepare(directory: string): Promise<Programs> {
  const cc = findProgram('cc') ?? findProgram('gcc') ?? findProgram('clang')
  if (cc === undefined) throw new Error('no C compiler (cc): the load generator is a C program')
  const compile = (source: string): string => {
    const output = join(directory, source.replace(/\.c$/, ''))
    const { status, stderr } = spawnSync(cc, ['-O2', '-o', output, here(source)], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${cc} ${source}: ${stderr}`)
    return output
  }
  const node = process.execPath
  const echo = compile('echo.c')
  const ours = await compileOurs(directory)
  const contenders: Contender[] = [
    { name: 'C, epoll', phases: ALL, command: () => [echo] },
    { name: 'Node, bare net', phases: ALL, command: () => [node, here('servers/bare.mjs')] },
    { name: 'plainwire, handlers', phases: ALL, command: () => [node, ours, 'handlers'] },
    { name: 'plainwire, write()', phases: ['small', 'large'], command: () => [node, ours, 'write'] },
    {
      name: 'plainwire, 32 listeners',
      phases: ['newcomers', 'many'],
      command: () => [node, ours, 'burst'],
    },
    { name: 'plainwire, async', phases: ALL, command: () => [node, ours, 'async'] },
    {
      name: 'plainwire, a thread each',
      phases: ['accept'], // what it costs is the thread; once that runs, its messages cost what they cost elsewhere
      command: () => [node, ours, 'threads'],
    },
    { name: 'plainwire, 2 workers', phases: ALL, command: () => [node, ours, 'workers'] },
    { name: 'plainwire, 2 processes', phases: ALL, command: () => [node, ours, 'processes'] },
    { name: 'Node, cluster of 2', phases: ALL, command: () => [node, here('servers/cluster.mjs')] },
  ]
  const missing: string[] = []
  const add = (program: string, contender: (path: string) => Contender): void => {
    const path = findProgram(program)
    if (path === undefined) missing.push(program)
    else contenders.push(contender(path))
  }
  add('python3', (python) => ({
    name: 'Python ThreadingTCPServer',
    phases: ALL,
    command: () => [python, here('servers/threading.py')],
  }))
  add('go', (go) => {
    const output = join(directory, 'echo-go')
    const built = spawnSync(go, ['build', '-o', output, here('servers/echo.go')], { encoding: 'utf8' })
    if (built.status !== 0) throw new Error(`go build: ${built.stderr}`)
    return { name: 'Go, goroutines', phases: ALL, command: () => [output] }
  })
  // A process for each client: a thousand are beyond what it is for.
  add('socat', (socat) => ({
    name: 'socat, fork',
    phases: ['small'],
    silent: true,
    command: (port) => [socat, `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=4096`, 'PIPE'],
  }))
  return { load: compile('load.c'), contenders, missing }
}

export interface Started extends AsyncDisposable {
  readonly port: number
  readonly process: ChildProcess
}

export async function start(contender: Contender): Promise<Started> {
  const wanted = contender.silent ? await unusedPort() : 0
  const [program = '', ...args] = contender.command(wanted)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${contender.name} ended with ${code} before it listened`)))
    // The first thing that socat says would be an error.
    if (contender.silent) setTimeout(() => resolve(wanted), 300)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const listening = /^listening ([0-9]+)$/.exec(line)?.[1]
      if (listening !== undefined) resolve(Number(listening))
    })
  })
  return {
    port,
    process: child,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), 2000)
      await exited
      clearTimeout(kill)
    },
  }
}
