// What each library promises, as text: every public name of every entry with its declaration, and what those declarations
// are made of without being public themselves. It is read from the built declarations, as a user's compiler reads them.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@plainwire/testing'
import type { Node } from 'typescript/unstable/ast'
import { isIdentifier, isVariableDeclaration } from 'typescript/unstable/ast/is'
import { API, type Checker, type Project, type Symbol, SymbolFlags } from 'typescript/unstable/sync'
import { entries, readManifest } from './entries.ts'

const TYPES = fileURLToPath(new URL('../node_modules/@types', import.meta.url))

/** `folder` is a package that has been built. */
export function publicSurface(folder: string): string {
  const manifest = join(folder, 'package.json')
  const files = entries(manifest).flatMap(({ subpath, types }) =>
    types === undefined ? [] : [{ subpath, path: join(folder, types) }],
  )
  const paths = files.map(({ path }) => path)
  using scratch = temporaryDirectory()
  const config = join(scratch.path, 'tsconfig.json')
  const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, types: ['node'], typeRoots: [TYPES] }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: paths }))
  const compiler = new API({ cwd: scratch.path })
  try {
    using snapshot = compiler.updateSnapshot({ openProjects: [config] })
    const project = snapshot.getProject(config)
    if (project === undefined) throw new Error(`${config} was not opened`)
    const surface = new Surface(project, folder)
    const sections = files.map(({ subpath, path }) => `## ${subpath}\n\n${surface.entry(path, subpath).join('\n')}\n`)
    const rest = surface.rest()
    if (rest.length > 0) sections.push(`## Not public, but part of the above\n\n${rest.join('\n')}\n`)
    return [`# ${readManifest(manifest).name}\n`, ...sections].join('\n')
  } finally {
    compiler.close()
  }
}

class Surface {
  readonly #project: Project
  readonly #checker: Checker
  readonly #folder: string
  /** By the identity of its declaration, where a public name was shown in full. */
  readonly #shown = new Map<number, string>()
  readonly #mentioned = new Map<number, Symbol>()

  constructor(project: Project, folder: string) {
    this.#project = project
    this.#checker = project.checker
    this.#folder = folder
  }

  entry(path: string, subpath: string): string[] {
    const file = this.#project.program.getSourceFile(path)
    const module = file && this.#checker.getSymbolAtLocation(file)
    if (module === undefined) return [`nothing: ${path.slice(this.#folder.length + 1)} is missing or exports nothing`]
    return this.#checker
      .getExportsOfModule(module)
      .toSorted(byName)
      .map((exported) => {
        const symbol = this.#unalias(exported)
        const before = this.#shown.get(symbol.id)
        if (before !== undefined) return `${exported.name}: as in ${before}`
        this.#shown.set(symbol.id, subpath)
        const text = this.#declaration(symbol)
        return exported.name === symbol.name ? text : `${exported.name}: ${text}`
      })
  }

  /** What public declarations mention, and what that mentions, as far as it is ours. */
  rest(): string[] {
    const texts: string[] = []
    for (;;) {
      const found = [...this.#mentioned].filter(([id]) => !this.#shown.has(id))
      if (found.length === 0) return texts.toSorted()
      for (const [id, symbol] of found) {
        this.#shown.set(id, '')
        texts.push(this.#declaration(symbol))
      }
    }
  }

  #unalias(symbol: Symbol): Symbol {
    return symbol.flags & SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  #declaration(symbol: Symbol): string {
    const nodes = symbol.declarations.flatMap((handle) => handle.resolve() ?? [])
    for (const node of nodes) this.#mention(node)
    return nodes.map((node) => (isVariableDeclaration(node) ? 'const ' : '') + plain(node.getText())).join('\n')
  }

  #mention(node: Node): void {
    const identifiers: Node[] = []
    const collect = (child: Node): void => {
      if (isIdentifier(child)) identifiers.push(child)
      child.forEachChild(collect)
    }
    collect(node)
    for (const found of this.#checker.getSymbolAtLocation(identifiers)) {
      const symbol = found && this.#unalias(found)
      if (symbol && symbol.flags & NAMED && this.#isOurs(symbol)) this.#mentioned.set(symbol.id, symbol)
    }
  }

  #isOurs(symbol: Symbol): boolean {
    const paths = symbol.declarations.map((handle) => String(handle.path))
    return paths.length > 0 && paths.every((path) => path.startsWith(`${this.#folder}/dist/`))
  }
}

/** What has a declaration of its own: no parameters and members. */
const NAMED = SymbolFlags.Class | SymbolFlags.Interface | SymbolFlags.TypeAlias | SymbolFlags.Function

const byName = (a: Symbol, b: Symbol): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Without comments, which may change from one release to the next, and as the declaration alone. */
function plain(declaration: string): string {
  return declaration
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/^\s*export (?:default )?/, '')
    .replace(/^\s*declare /, '')
    .replace(/\n\s*\n/g, '\n')
    .trim()
}
