// What is written by hand: the same pages in both languages, and no code that nobody runs.

import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { plainwire } from '../scripts/cli.ts'
import { exampleFiles, runExample } from '../scripts/examples.ts'
import { LESSON_IDS } from '../scripts/programs.ts'

const PAGES = new URL('../src/content/docs/', import.meta.url)
const files = (await readdir(PAGES, { recursive: true })).filter((name) => /\.mdx?$/.test(name))
const written = files.filter((name) => !/reference\/(?:api|cli)\//.test(name))
const texts = new Map<string, string>()
for (const name of written) texts.set(name, await readFile(new URL(name, PAGES), 'utf8'))

/** The blocks of a language, without their fences. */
function blocks(language: string): { name: string; code: string }[] {
  const fence = new RegExp(`^\`\`\`${language}\\b[^\\n]*\\n([^]*?)^\`\`\``, 'gm')
  return [...texts].flatMap(([name, text]) => [...text.matchAll(fence)].map(([, code = '']) => ({ name, code })))
}

describe('the pages', () => {
  test('are the same in both languages', () => {
    const spanish = written.filter((name) => name.startsWith('es/')).map((name) => name.slice(3))
    const english = written.filter((name) => !name.startsWith('es/'))
    expect(spanish.sort()).toEqual(english.sort())
  })

  test('have the same headings, pictures and examples in both', () => {
    const shape = (text = ''): string[] =>
      [...text.matchAll(/^#+(?= )|^<(?!details|\/details)\w+[^>]*>|^\|.*\|$|^```\w*/gm)].map(([part]) =>
        part.startsWith('|') ? '|' : part,
      )
    for (const [name, text] of texts) {
      if (!name.startsWith('es/')) expect(shape(texts.get(`es/${name}`)), name).toEqual(shape(text))
    }
  })

  test('have a title and a description each', () => {
    for (const [name, text] of texts) expect(text, name).toMatch(/^---\ntitle: .+\ndescription: .{10}/)
  })

  test('hold each lesson with its picture, its program, its failure and three exercises', () => {
    for (const id of LESSON_IDS) {
      for (const name of [`lessons/${id}.mdx`, `es/lessons/${id}.mdx`]) {
        const text = texts.get(name) ?? ''
        for (const part of ['Picture', 'Program', 'Failure']) expect(text, name).toContain(`<${part} of="${id}" />`)
        expect(text.match(/<summary>/g), name).toHaveLength(3)
      }
    }
  })
})

describe('figures', () => {
  const figures = (row: string): string[] => row.match(/\d[\d,.]* (?:µs|ms|MB)/g) ?? []

  test('of strategies are those that the package says how it measured', async () => {
    const url = new URL('README.md', import.meta.resolve('@plainwire/socket-server/package.json'))
    const readme = (await readFile(url, 'utf8')).match(/^## Choosing a strategy$[^]*?(?=^## )/m)?.[0] ?? ''
    const measured = new Map([...readme.matchAll(/^\| `(\w+)\(.*$/gm)].map(([row, name]) => [name, figures(row)]))
    for (const name of ['guide/server-strategies.mdx', 'es/guide/server-strategies.mdx']) {
      const rows = [...(texts.get(name) ?? '').matchAll(/^\| `(\w+)` .*$/gm)].filter(([row]) => figures(row).length > 0)
      expect(rows, name).toHaveLength(4)
      for (const [row, strategy] of rows) expect(figures(row), `${name}: ${strategy}`).toEqual(measured.get(strategy))
    }
  })
})

describe('code on the pages', () => {
  test('is TypeScript only by way of an example, which is run', () => {
    expect([...blocks('ts'), ...blocks('js'), ...blocks('typescript')]).toEqual([])
  })

  test('shows examples that there are, and there are none that nobody shows', async () => {
    const shown = [...texts.values()].flatMap((text) =>
      [...text.matchAll(/<Example of="([\w-]+)"/g)].map(([, of]) => of),
    )
    const there = (await exampleFiles()).map((file) => file.replace('.ts', ''))
    expect(new Set(shown)).toEqual(new Set(there))
  })

  test('runs commands that the command line has', async () => {
    const manual = await plainwire('man', '--format', 'markdown')
    const known = [...manual.matchAll(/^## plainwire (\w+(?: \w+)?)/gm)].map(([, path]) => path)
    for (const line of blocks('sh').flatMap(({ code }) => code.trim().split('\n'))) {
      const typed = /^(?:plainwire|npx -y pnpm@12 --filter cli start) (\w+)(?: (\w+))?/.exec(line)
      expect(typed, line).not.toBeNull()
      const [, group = '', verb = ''] = typed ?? []
      expect(known.includes(group) || known.includes(`${group} ${verb}`), line).toBe(true)
    }
  })
})

describe('the examples', async () => {
  test.concurrent.each(await exampleFiles())('%s runs to its end', async (file) => {
    const { output } = await runExample(file)
    expect(output).not.toBe('')
    expect(output).not.toMatch(/undefined|NaN|\[object/)
  })
})
