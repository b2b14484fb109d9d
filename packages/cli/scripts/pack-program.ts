// The built command as two files, quick to start: what answers need, and what servers, lessons and manuals need besides.
// Each ES module file would cost almost a millisecond to find, read and link. In the two each of the parts into which the
// bundler cut the program, so that a command needs few of them, is a function: of one that is not called, V8 makes and keeps
// next to nothing.

import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** What the bundler says of what it wrote, by path. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly entryPoint?: string; readonly imports: readonly { readonly path: string }[] }>
  >
}

/** Where tsup put the parts, as ES modules, with the bundler's metafile. */
const PARTS = new URL('../dist/parts/', import.meta.url)
const ENTRY = 'src/main.ts'
/** tsup put it in place of import.meta.url. */
const FOLDER_URL = "var folderUrl = require('node:url').pathToFileURL(__dirname + '/').href"

/** What is longer at work than in starting, with all that nothing else imports: a command that answers and is done need not read it. */
const LATER = [
  ...globSync('src/run/{serve-*,bench,lesson,tour,man,completion}.ts'),
  '../socket-server/src/index.ts',
  '../http-client/src/origin.ts',
  '../ntp-client/src/server.ts',
]

const { outputs } = JSON.parse(await readFile(new URL('metafile-esm.json', PARTS), 'utf8')) as Metafile
const paths = Object.keys(outputs).filter((path) => path.endsWith('.js'))
const first = reachedWithout(LATER.map(partOf), partOf(ENTRY))
const program = inAscii(programOf(nameOf(partOf(ENTRY)), await asFunctions(first)))
// By its hash bin/plainwire.cjs knows V8's code for it.
const hash = createHash('sha256').update(program).digest('hex').slice(0, 16)
await writeFile(new URL('../program.js', PARTS), `/*${hash}*/${program}`)
await writeFile(new URL('../rest.cjs', PARTS), restOf(await asFunctions(paths.filter((path) => !first.includes(path)))))
await rm(PARTS, { recursive: true })

/** bin/plainwire.cjs reads it as Latin-1, which is faster. The bundler escapes what is in strings, and not in regular expressions. */
function inAscii(code: string): string {
  return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function partOf(module: string): string {
  const found = paths.find((path) => outputs[path]?.entryPoint === module)
  if (found === undefined) throw new Error(`no part of the program begins with ${module}`)
  return found
}

/** The part at `path` and all that it imports, at once or when needed, but not by way of `barred`. */
function reachedWithout(barred: readonly string[], path: string, reached: string[] = []): string[] {
  if (barred.includes(path) || reached.includes(path) || !paths.includes(path)) return reached
  reached.push(path)
  for (const { path: imported } of outputs[path]?.imports ?? []) reachedWithout(barred, imported, reached)
  return reached
}

function nameOf(path: string): string {
  return `./${path.slice(path.lastIndexOf('/') + 1)}`
}

async function asFunctions(parts: readonly string[]): Promise<string> {
  return (await Promise.all(parts.map(async (path) => await asFunction(nameOf(path))))).join(',\n')
}

/**
 * As CommonJS: importing a module of Node's would make all of its exports, and a vm.Script has no import() of its own. The
 * bundler's way from one to the other makes an accessor for each export, which is a fifth of what starting allocates. So an
 * export is here the function that gives it, as the bundler has it already, and is called where it is used.
 */
async function asFunction(name: string): Promise<string> {
  const code = await readFile(new URL(name, PARTS), 'utf8')
  const part = await transform(code, { format: 'cjs', supported: { 'dynamic-import': false } })
  const body = part.code
    .replace('__export(stdin_exports, {', 'module.exports = ({')
    .replace('module.exports = __toCommonJS(stdin_exports);', '')
    .replaceAll(/\bimport_chunk_\w{8}\.[\w$]+/g, '($&())')
    .replaceAll('__toESM(require("./', 'bundler.namespaceOf(require("./')
    .replaceAll(/(?<!var )__toESM\(/g, 'bundler.toESM(')
  // Without what is unused now: the bundler's helpers.
  const minified = await transform(body, { minify: true, treeShaking: true })
  return `'${name}': function (module, require, bundler) {${minified.code}}`
}

/** `require` is that of bin/plainwire.cjs, `__dirname` this folder; the parts have a `require` that knows them, too. */
function programOf(entry: string, parts: string): string {
  return `(function (require, __dirname) {
'use strict'; ${folderUrlFor(parts)}
var parts = {${parts}}, rest, loaded = new Map()
function requirePart(name) {
  if (!name.startsWith('./')) return require(name)
  var module = loaded.get(name)
  if (module === undefined) {
    var part = parts[name] || (rest || (rest = require('../dist/rest.cjs')))[name]
    loaded.set(name, module = { exports: {} })
    part(module, requirePart, bundler)
  }
  return module.exports
}
var bundler = {
  namespaceOf(exports) { var all = {}; for (var name in exports) all[name] = exports[name](); return all },
  toESM(module) { return Object.create(module, { default: { value: module } }) },
}
requirePart('${entry}')
})
`
}

/** It takes a third of a millisecond to say, and the parts that people wait for do not ask. */
function folderUrlFor(parts: string): string {
  return parts.includes('folderUrl') ? FOLDER_URL : ''
}

function restOf(parts: string): string {
  return `'use strict'; ${folderUrlFor(parts)}\nmodule.exports = {${parts}}\n`
}
