// The programs that the guide shows, each run as it stands; one that fails is no example.

import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'

export interface Example {
  readonly name: string
  readonly code: string
  readonly output: string
}

const DIRECTORY = new URL('../examples/', import.meta.url)
const DEADLINE_MS = 60_000

export async function runExample(file: string): Promise<Example> {
  const path = fileURLToPath(new URL(file, DIRECTORY))
  const { stdout } = await promisify(execFile)(process.execPath, [path], { timeout: DEADLINE_MS })
  return { name: file.replace('.ts', ''), code: (await readFile(path, 'utf8')).trimEnd(), output: stdout.trimEnd() }
}

export async function exampleFiles(): Promise<string[]> {
  return (await readdir(DIRECTORY)).filter((name) => name.endsWith('.ts')).sort()
}

export async function writeExamples(): Promise<void> {
  const examples: Example[] = []
  for (const file of await exampleFiles()) examples.push(await runExample(file))
  await writeFile(new URL('../src/generated/examples.json', import.meta.url), JSON.stringify(examples, undefined, 2))
}
