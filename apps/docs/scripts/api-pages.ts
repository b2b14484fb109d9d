// One page for each entry of a package, written by TypeDoc from the sources.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Application, type ProjectReflection, ReflectionKind, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

export interface ApiPage {
  readonly slug: string
  /** '' for the package itself, or `/packet`. */
  readonly entry: string
  /** Markdown without a title. */
  readonly text: string
}

/** Worker files are entries for bundlers, and export nothing. */
const NO_API = /worker|examples|package\.json/

export async function apiPages(name: string, directory: string): Promise<ApiPage[]> {
  const { exports } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    exports: Record<string, string>
  }
  const entries = Object.entries(exports).filter(([path]) => !NO_API.test(path))
  const out = await mkdtemp(join(tmpdir(), 'plainwire-api-'))
  try {
    const options: TypeDocOptions & PluginOptions = {
      entryPoints: entries.map(([, source]) => join(directory, source)),
      tsconfig: join(directory, 'tsconfig.json'),
      plugin: ['typedoc-plugin-markdown'],
      out,
      readme: 'none',
      router: 'module',
      groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases'],
      hidePageHeader: true,
      hidePageTitle: true,
      hideBreadcrumbs: true,
      disableSources: true,
      excludePrivate: true,
      excludeInternal: true,
      // What a module only uses is linked where it is exported, or named.
      validation: false,
      logLevel: 'Error',
      skipErrorChecking: true,
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeAliasPropertiesFormat: 'table',
      propertyMembersFormat: 'table',
      useCodeBlocks: true,
    }
    const app = await Application.bootstrapWithPlugins(options)
    const project = await app.convert()
    if (project === undefined) throw new Error(`TypeDoc could not read @plainwire/${name}`)
    const undocumented = undocumentedIn(project)
    if (undocumented.length > 0) throw new Error(`@plainwire/${name}: no doc comment on ${undocumented.join(', ')}`)
    await app.generateOutputs(project)
    const files = (await readdir(out, { recursive: true })).filter((file) => file.endsWith('.md'))
    const pages = new Map<string, ApiPage>()
    for (const [path, source] of entries) {
      const module = basename(source, '.ts')
      const file = files.find((file) => basename(file, '.md') === module)
      if (file === undefined) throw new Error(`TypeDoc made no page of ${source}`)
      const text = await readFile(join(out, file), 'utf8')
      pages.set(module, { slug: path === '.' ? 'exports' : path.slice(2), entry: path.slice(1), text })
    }
    return [...pages.values()].map((page) => ({ ...page, text: withLinks(page.text, name, pages) }))
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

/** What is exported again is documented where it is exported first. */
function undocumentedIn(project: ProjectReflection): string[] {
  return (project.children ?? []).flatMap((module) =>
    (module.children ?? [])
      .filter((one) => !one.kindOf(ReflectionKind.Reference))
      .filter((one) => !one.hasComment() && !one.signatures?.some((signature) => signature.hasComment()))
      .map((one) => `${one.name} (${module.name})`),
  )
}

/** TypeDoc links files; the site has pages. And it numbers names that Markdown does not. */
function withLinks(text: string, name: string, pages: ReadonlyMap<string, Pick<ApiPage, 'slug' | 'text'>>): string {
  const anchorIn = (page: string, anchor: string): string => {
    const known = anchorsOf(page)
    return [anchor, anchor.replace(/-\d+$/, '')].find((one) => known.has(one.slice(1))) ?? ''
  }
  return text
    .replaceAll(/\]\((?!https?:)(?:[\w./-]*\/)?([\w-]+)\.md(#[\w-]+)?\)/g, (_, module: string, anchor = '') => {
      const page = pages.get(module)
      if (page === undefined) throw new Error(`TypeDoc links ${module}, which is no page of @plainwire/${name}`)
      return `](/reference/api/${name}/${page.slug}/${anchorIn(page.text, anchor)})`
    })
    .replaceAll(/\]\((#[\w-]+)\)/g, (_, anchor: string) => `](${anchorIn(text, anchor) || '#_top'})`)
}

function anchorsOf(text: string): ReadonlySet<string> {
  const written = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
  return new Set([...written, ...headings])
}
