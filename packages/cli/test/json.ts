import { expect } from 'vitest'
import { plainwire, type Ran } from './plainwire.ts'
import { checked } from './schemas.ts'

/** What a command prints with --json, as its published schema has it; the exit code must be this one. */
export async function json(schema: string, args: readonly string[], exitCode = 0): Promise<unknown> {
  const ran = await plainwire([...args, '--json'])
  expect(ran.exitCode, ran.stderr).toBe(exitCode)
  return checked(schema, JSON.parse(ran.stdout) as unknown)
}

/** What it printed with --jsonl, line by line. */
export function linesOf(schema: string, { stdout }: Pick<Ran, 'stdout'>): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => checked(schema, JSON.parse(line) as Record<string, unknown>))
}
