// The built command as two files, quick to start: what answers need, and what servers, lessons and manuals need besides.
// Each ES module file would cost almost a millisecond to find, read and link. In the two each of the parts into which the
// bundler cut the program, so that a command needs few of them, is a function: of one that is not called, V8 makes and keeps
// next to nothing.

import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** What the bundler says of what it wrote, by path. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly entryPoint?: string; readonly imports: readonly { readonly path: string }[] }>
  >
}

export interface Packing {
  /** Where the parts are, as ES modules, with the bundler's metafile. */
  readonly parts: URL
  /** Where the two files go. */
  readonly folder: URL
  readonly entry: string
  /** Modules that are imported when needed, and go into the second file with all that only they import. */
  readonly later: readonly string[]
}

/** Writes program.js, whose value bin/plainwire.cjs calls, and rest.cjs, and takes the parts away. */
export async function packProgram({ parts, folder, entry, later }: Packing): Promise<void> {
  const { outputs } = JSON.parse(await readFile(new URL('metafile-esm.json', parts), 'utf8')) as Metafile
  const names = Object.keys(outputs).filter((path) => path.endsWith('.js'))
  const partOf = (module: string): string => {
    const found = names.find((path) => outputs[path]?.entryPoint === module)
    if (found === undefined) throw new Error(`no part of the program begins with ${module}`)
    return found
  }
  const put = new Set(later.map(partOf))
  const first: string[] = []
  const putFirst = (path: string): void => {
    if (put.has(path) || !(path in outputs)) return
    put.add(path)
    first.push(path)
    for (const { path: imported } of outputs[path]?.imports ?? []) putFirst(imported)
  }
  putFirst(partOf(entry))

  const asFunctions = async (paths: readonly string[]): Promise<string> =>
    (await Promise.all(paths.map((path) => asFunction(nameOf(path), parts)))).join(',\n')
  const program = programOf(nameOf(partOf(entry)), await asFunctions(first))
  const rest = await asFunctions(names.filter((path) => !first.includes(path)))
  // By its hash bin/plainwire.cjs knows V8's code for it.
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 16)
  await writeFile(new URL('program.js', folder), `/*${hash}*/${program}`)
  await writeFile(
    new URL('rest.cjs', folder),
    `'use strict'; var folderUrl = ${FOLDER_URL}\nmodule.exports = {${rest}}\n`,
  )
  await rm(parts, { recursive: true })
}

const nameOf = (path: string): string => `./${path.slice(path.lastIndexOf('/') + 1)}`

const FOLDER_URL = "require('node:url').pathToFileURL(__dirname + '/').href"

/**
 * As CommonJS: importing a module of Node's would make all of its exports, and a vm.Script has no import() of its own. The
 * bundler's way from one to the other brings helpers for each part, which copy every export twice; among parts there is
 * nothing to convert, and one set does for all.
 */
async function asFunction(name: string, parts: URL): Promise<string> {
  const code = await readFile(new URL(name, parts), 'utf8')
  const part = await transform(code, { format: 'cjs', supported: { 'dynamic-import': false } })
  const body = part.code.replaceAll(/(?<!var )__(export|toESM|toCommonJS)\(/g, 'bundler.$1(')
  // Without what is unused now: the helpers.
  const minified = await transform(body, { minify: true, treeShaking: true })
  return `'${name}': function (module, require, bundler) {${minified.code}}`
}

/** `require` and `__dirname` are those of a module beside rest.cjs; the parts have one that knows them, too. */
const programOf = (entry: string, parts: string): string => `(function (require, __dirname) {
'use strict'; var folderUrl = ${FOLDER_URL}
var parts = {${parts}}, rest, loaded = {}
function requirePart(name) {
  if (!name.startsWith('./')) return require(name)
  if (loaded[name] === undefined) {
    var part = parts[name] || (rest || (rest = require('../dist/rest.cjs')))[name]
    part(loaded[name] = { exports: {} }, requirePart, bundler)
  }
  return loaded[name].exports
}
var bundler = {
  export(target, all) { for (var name in all) Object.defineProperty(target, name, { get: all[name] }) },
  toCommonJS(exports) { return exports },
  toESM(module) { return Object.create(module, { default: { value: module } }) },
}
requirePart('${entry}')
})
`
