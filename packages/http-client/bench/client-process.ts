import { spawnSync } from 'node:child_process'

/** User and system time of a program, start and end included, by bash's own `time`. */
export function cpuMsOf(command: readonly string[]): number {
  const timed = `TIMEFORMAT='%U %S'; time "$@" > /dev/null`
  const { stderr } = spawnSync('bash', ['-c', timed, 'bash', ...command], { encoding: 'utf8' })
  const [user = NaN, system = NaN] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1000
}
