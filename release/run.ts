import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * The environment without what `pnpm run` puts into it for npm: it would stand above every file, and what is meant for our
 * registry would go to the one that this machine usually asks.
 */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^p?npm_config_/i.test(name)))

export interface RunOptions {
  readonly cwd: string
  /** Beside this process's own, without npm's configuration and without colours. */
  readonly env?: NodeJS.ProcessEnv
  /** Default two minutes. */
  readonly timeoutMs?: number
}

/** Runs a program to its end, however that is; one that takes too long is killed. */
export async function outcome(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, timeoutMs = 120_000 } = options
  const child = spawn(program, args, {
    cwd,
    env: { ...ENVIRONMENT, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { status, stdout, stderr }
}

/** As outcome, but throws with all that was printed unless the program ends well. Gives its standard output. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { status, stdout, stderr } = await outcome(program, args, options)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${status}\n${stdout}\n${stderr}`)
  return stdout
}
