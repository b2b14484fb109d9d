// Every line of the command table: its help, its example, what it prints as JSON, its place in each manual.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { commandHelp } from '../src/manual/help.ts'
import { eachCommand, loadTable } from '../src/table.ts'
import { checked, idOf, schemaOf } from './schemas.ts'
import { plainwire } from './plainwire.ts'

const COMMANDS = eachCommand(await loadTable())
const namesOf = (path: readonly string[]): string => path.join(' ')

describe.each(COMMANDS.map(({ path, entry }) => [namesOf(path), path, entry] as const))('%s', (name, path, entry) => {
  test('has help in both languages, within 80 columns, with examples of itself', async () => {
    const english = commandHelp(path, entry)
    const spanish = (await plainwire([...path, '--help', '--lang', 'es'])).stdout.trimEnd().split('\n')
    for (const lines of [english, spanish]) {
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
      for (const { name: flag } of entry.flags) expect(lines.join('\n')).toContain(flag)
      for (const example of entry.examples) expect(lines).toContain(`  ${example}`)
    }
    expect(english[0]).toMatch(new RegExp(`^Usage: plainwire ${name} \\[flags\\]`))
    expect(spanish[0]).toMatch(new RegExp(`^Uso: plainwire ${name} \\[opciones\\]`))
    for (const example of entry.examples) expect(example).toContain(`plainwire ${name}`)
    // Everything that is said is said in both; what is alike are flags, examples and forms such as HOST:PORT.
    const words = (line: string): string => line.trim().split(/ {2,}/).at(-1) ?? ''
    const alike = english.filter((line, at) => line === spanish[at]).map(words)
    expect(alike.filter((text) => /^[^-'p].*[a-z]{4,} [a-z]{3,}/.test(text))).toEqual([])
  })

  test('has a published schema, if it speaks JSON', () => {
    const name = path.join('-')
    const file = new URL(`../schemas/${name}.json`, import.meta.url)
    expect(existsSync(file)).toBe(entry.output !== 'text')
    if (existsSync(file)) expect(schemaOf(name).$id).toBe(idOf(name))
  })

  test('can be interrupted and timed by flags that all commands share', () => {
    const common = entry.flags.filter((flag) => flag.common).map((flag) => flag.name)
    expect(common).toEqual([
      ...(entry.output === 'document' || entry.output === 'either' ? ['--json'] : []),
      ...(entry.output === 'text' ? [] : ['--jsonl']),
      '--quiet',
      '--verbose',
      '--timeout',
      '--color',
      '--ascii',
      '--lang',
    ])
  })
})

/** Examples need a network, a server, a file or a person; these need none. */
const NEEDS_MORE = /pool\.ntp|example\.com|:80\b|:8080|:8888|:5432|serve|tour|lesson|watch|packet\.bin/

describe('an example runs', () => {
  const examples = COMMANDS.flatMap(({ entry }) => entry.examples).filter((example) => !NEEDS_MORE.test(example))
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  test.each(examples)('%s', (example) => {
    const script = example.replaceAll('plainwire', `'${process.execPath}' '${main}'`)
    const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: 15_000 })
    expect(status).toBe(0)
    expect(stdout).not.toBe('')
  })
})

describe('the manuals name every command and flag', () => {
  test.each(['en', 'es'])('man page, %s', async (lang) => {
    const { stdout, exitCode } = await plainwire(['man', '--lang', lang])
    expect(exitCode).toBe(0)
    for (const { path } of COMMANDS) expect(stdout).toContain(`.Ss plainwire ${namesOf(path)}\n`)
  })

  test('the published man page is the one that `plainwire man` prints', async () => {
    const published = readFileSync(new URL('../man/plainwire.1', import.meta.url), 'utf8')
    expect((await plainwire(['man'])).stdout).toBe(published) // `pnpm plainwire man > packages/cli/man/plainwire.1`
  })

  test('reference page', async () => {
    const { stdout } = await plainwire(['man', '--format', 'markdown'])
    for (const { path, entry } of COMMANDS) {
      expect(stdout).toContain(`\n## plainwire ${namesOf(path)}\n`)
      for (const { name } of entry.flags) expect(stdout).toContain(name)
    }
  })

  test.each(['bash', 'zsh', 'fish', 'powershell'])('completion of %s', async (shell) => {
    const { stdout } = await plainwire(['completion', shell])
    for (const { path, entry } of COMMANDS) {
      expect(stdout).toContain(namesOf(path))
      for (const { name } of entry.flags) expect(stdout).toContain(shell === 'fish' ? `-l ${name.slice(2)}` : name)
    }
  })

  test('README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    for (const { path } of COMMANDS) expect(readme).toContain(`plainwire ${path[0]}`)
  })
})

test('what is no JSON of ours is refused by the schemas', () => {
  expect(() => checked('host', { name: 'vm', extra: 1 })).toThrow(/additional/)
})
