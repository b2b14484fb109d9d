// `pnpm release:rehearse`: what would be released from this commit, and whether it may be.
//
//   PLAINWIRE_RELEASE_TOOLS=DIRECTORY keeps the tools for the next time.
//   PLAINWIRE_RELEASE_BILLS=DIRECTORY keeps the bills of materials.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { rehearse } from './rehearsal.ts'
import { formatTable } from './table.ts'
import { installTools } from './tools.ts'

const say = (step: string): void => console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${step}`)
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

using scratch = temporaryDirectory()
const tools = await installTools(process.env['PLAINWIRE_RELEASE_TOOLS'] ?? join(scratch.path, 'tools'))
say('tools installed')
const { verdicts, contents, consumed, sizes, bills, faults } = await rehearse({ directory: scratch.path, tools, say })

const columns = [...new Set(verdicts.map(({ installer, runtime }) => `${installer} ${runtime}`))]
const notes = [...new Set(verdicts.filter(({ result }) => result !== 'ok').map(({ result }) => result))]
const cells = (name: string): string[] =>
  columns.map((column) => {
    const verdict = verdicts.find(
      (verdict) => verdict.package === name && `${verdict.installer} ${verdict.runtime}` === column,
    )
    if (verdict === undefined) return ''
    return verdict.result === 'ok' ? 'ok' : `${verdict.ok ? 'ok' : 'FAULT'} [${notes.indexOf(verdict.result) + 1}]`
  })
const packages = [...new Set(verdicts.map((verdict) => verdict.package))]
// Installers and runtimes downwards, packages across: 80 columns.
const grid = packages.map((name) => cells(name))
console.log(
  formatTable([['', ...packages], ...columns.map((column, at) => [column, ...grid.map((row) => row[at] ?? '')])]),
)
for (const [index, note] of notes.entries()) console.log(`[${index + 1}] ${note}`)

console.log()
console.log(
  formatTable([
    ['package', 'packed', 'unpacked', 'files', 'installed, with what it needs', 'files'],
    ...consumed.map(({ name, bytes, files }) => {
      const own = contents.find((packed) => packed.name === name)
      const sizes = [own?.packedBytes ?? NaN, own?.unpackedBytes ?? NaN].map(kilobytes)
      return [name, ...sizes, String(own?.files.length), kilobytes(bytes), String(files)]
    }),
  ]),
)
console.log()
console.log(
  formatTable([
    ['entry', 'min', 'min+gz', 'at most'],
    ...sizes.map(({ entry, minified, compressed, budget }) => [
      entry,
      kilobytes(minified),
      kilobytes(compressed),
      budget === undefined ? '' : kilobytes(budget),
    ]),
  ]),
)

const kept = process.env['PLAINWIRE_RELEASE_BILLS']
if (kept) cpSync(bills, kept, { recursive: true })

for (const fault of faults) console.log(`FAULT ${fault}`)
say(faults.length === 0 ? 'nothing is in the way of a release' : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
