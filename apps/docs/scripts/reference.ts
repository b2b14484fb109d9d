// The reference: of each package its README, which holds features, defaults, limits and figures, and what TypeDoc reads
// in its doc comments; of the command line the page that it makes of its own table.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainwire } from './cli.ts'
import { apiPages } from './api-pages.ts'
import { schemasPage } from './schemas.ts'

export const PACKAGES = ['socket-utils', 'ntp-client', 'http-client', 'socket-server'] as const

const PAGES = fileURLToPath(new URL('../src/content/docs/', import.meta.url))
const STATE = fileURLToPath(new URL('../src/generated/reference.sha256', import.meta.url))
const REPOSITORY = 'https://github.com/plainwire/plainwire/blob/main'

const CLI_PAGES = [
  {
    language: 'en',
    directory: 'reference/cli',
    description: 'Every command, flag and exit code of plainwire.',
    schemas: {
      title: 'JSON Schemas',
      introduction:
        'What each command prints with `--json` and `--jsonl`, as JSON Schema 2020-12. The same files are in the package, under `@plainwire/cli/schemas/`; a property that is not described there is not promised.',
    },
  },
  {
    language: 'es',
    directory: 'es/reference/cli',
    description: 'Todas las órdenes, opciones y códigos de salida de plainwire.',
    schemas: {
      title: 'Esquemas JSON',
      introduction:
        'Lo que imprime cada orden con `--json` y `--jsonl`, como JSON Schema 2020-12. Los mismos ficheros están en el paquete, en `@plainwire/cli/schemas/`; una propiedad que no se describe ahí no se promete. Los esquemas están en inglés.',
    },
  },
] as const

export async function writeReference(): Promise<void> {
  const api = join(PAGES, 'reference/api')
  const state = await sourcesHash()
  if ((await readFile(STATE, 'utf8').catch(() => '')) === state) return
  await rm(api, { recursive: true, force: true })
  for (const [order, name] of PACKAGES.entries()) {
    const directory = fileURLToPath(new URL('.', import.meta.resolve(`@plainwire/${name}/package.json`)))
    await mkdir(join(api, name), { recursive: true })
    const pages = await apiPages(name, directory)
    const readme = await readFile(join(directory, 'README.md'), 'utf8')
    const { description } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
      description: string
    }
    const list = pages.map(({ slug, entry }) => `- [\`@plainwire/${name}${entry}\`](/reference/api/${name}/${slug}/)`)
    const text = `${readmeOf(readme, name)}\n\n## Every export\n\n${list.join('\n')}\n`
    await page(
      join(api, name, 'index.md'),
      `@plainwire/${name}`,
      description,
      `{ order: ${order}, label: Overview }`,
      text,
    )
    for (const { slug, entry, text } of pages) {
      const title = `@plainwire/${name}${entry}`
      const label = entry === '' ? 'exports' : entry.slice(1)
      await page(join(api, name, `${slug}.md`), title, `Every export of ${title}.`, `{ label: ${label} }`, text)
    }
  }
  for (const { language, directory, description, schemas } of CLI_PAGES) {
    const text = await plainwire('man', '--format', 'markdown', '--lang', language)
    await mkdir(join(PAGES, directory), { recursive: true })
    await page(
      join(PAGES, directory, 'index.md'),
      'plainwire',
      description,
      '{ order: 9, label: plainwire }',
      withoutTitle(text),
    )
    const { title, introduction } = schemas
    await page(
      join(PAGES, directory, 'schemas.md'),
      title,
      introduction.split('. ')[0] ?? title,
      '{ order: 10 }',
      await schemasPage(introduction),
    )
  }
  await writeFile(STATE, state)
}

/** Of everything that the reference is made of: it takes a quarter of a minute, and seldom changes. */
async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of [...PACKAGES, 'cli']) {
    const directory = fileURLToPath(new URL('.', import.meta.resolve(`@plainwire/${name}/package.json`)))
    const sources = (await readdir(join(directory, 'src'), { recursive: true })).filter((file) => file.endsWith('.ts'))
    const files = ['package.json', 'README.md', ...sources.sort().map((file) => join('src', file))]
    for (const file of files) hash.update(file).update(await readFile(join(directory, file)))
  }
  hash.update(await schemasPage(''))
  for (const script of ['reference.ts', 'api-pages.ts', 'schemas.ts'])
    hash.update(await readFile(new URL(script, import.meta.url)))
  return hash.digest('hex')
}

async function page(path: string, title: string, description: string, sidebar: string, text: string): Promise<void> {
  const front = `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\nsidebar: ${sidebar}\ntableOfContents: { maxHeadingLevel: 3 }\neditUrl: false\n---\n`
  await writeFile(path, `${front}\n${withTableHeads(text).trim()}\n`)
}

/** Relative links of a README lead to the repository. */
function readmeOf(text: string, name: string): string {
  return withoutTitle(text).replaceAll(/\]\((?!https?:|#)([^)]+)\)/g, (_, target: string) => {
    const { pathname } = new URL(target, `http://x/packages/${name}/`)
    return `](${REPOSITORY}${pathname})`
  })
}

/** A column without a name has none for those who hear the table either. */
function withTableHeads(text: string): string {
  return text.replaceAll(/^(\|.*\|)\n(?=\| ?-)/gm, (head) =>
    head.replaceAll(/\|\s+(?=\|)/g, '| <span class="sr-only">–</span> '),
  )
}

function withoutTitle(text: string): string {
  return text.replace(/^# .*\n/, '')
}
