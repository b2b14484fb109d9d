// Real programs as peers: found on this machine, started on loopback, stopped with the test that started them.
// A program that is absent skips its tests with a loud line; in CI, where they are installed, it fails them, except
// where PLAINWIRE_PEERS=optional says that this system does not have them.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'vitest'

/** Debian keeps servers in sbin, which a user's PATH may lack. */
const DIRECTORIES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin']

/** The program's full path, or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return DIRECTORIES.map((directory) => join(directory, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** A `describe` for tests beside a real program; `body` gets its path. */
export function describeWithPeer(name: string, title: string, body: (program: string) => void): void {
  const program = findProgram(name)
  if (program !== undefined) {
    describe(title, () => body(program))
  } else if (process.env['CI'] && process.env['PLAINWIRE_PEERS'] !== 'optional') {
    describe(title, () => {
      test(`needs ${name}, which CI must have`, () => {
        throw new Error(`${name} is not installed`)
      })
    })
  } else {
    process.stderr.write(`\n!!! SKIPPED: ${title} — ${name} is not installed\n\n`)
    describe.skip(title, () => body(name))
  }
}

export interface Peer extends AsyncDisposable {
  readonly process: ChildProcess
  /** All that it has printed so far, both streams. */
  output(): string
  /** Resolves to the first printed line that matches, past or future; rejects if the program ends without one. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves to the exit code (null after a signal). */
  readonly exited: Promise<number | null>
}

/** Starts a program; disposing of the peer ends it with SIGTERM, after two seconds with SIGKILL. */
export function startPeer(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Peer {
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let ended = false
  const wake = (): void => {
    for (const check of [...waiting]) check()
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      lines.push(String(error))
    })
    child.once('close', (code) => {
      ended = true
      wake()
      resolve(code)
    })
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      wake()
    })
  }
  child.stdin.on('error', () => {}) // a peer may end before it has read everything
  child.stdin.end(options.input)

  return {
    process: child,
    output: () => lines.join('\n'),
    exited,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
          if (!match && !ended) return
          waiting.delete(check)
          if (match) resolve(match)
          else reject(new Error(`${program} ended without a line like ${pattern}:\n${lines.join('\n')}`))
        }
        waiting.add(check)
        check()
      }),
    async [Symbol.asyncDispose]() {
      if (ended) return
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), 2000)
      await exited
      clearTimeout(kill)
    },
  }
}

/** Runs a program to its end and gives what it printed; throws if it failed. */
export function runProgram(program: string, args: readonly string[], input?: string): string {
  const result = spawnSync(program, args, { encoding: 'utf8', input, timeout: 60_000, maxBuffer: 1 << 28 })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${result.status}\n${result.stderr}`)
  return result.stdout
}

/** Runs one of the repository's own programs with the Node that runs the tests. */
export function runNode(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Peer {
  return startPeer(process.execPath, [script, ...args], { env })
}

/** A port of 127.0.0.1 on which nothing listens at this moment, for peers that cannot take port 0. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}

/** A fresh directory that goes with its scope. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'plainwire-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
