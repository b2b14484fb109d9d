import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const BIN = fileURLToPath(new URL('../bin/plainwire.cjs', import.meta.url))

/** Runs the command on this Node, which says that it is another. */
function onNode(version: string): { status: number | null; stdout: string; stderr: string } {
  const program = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })
    require(${JSON.stringify(BIN)})`
  // `--version` alone needs nothing that was built.
  return spawnSync(process.execPath, ['--eval', program, '--', 'plainwire', '--version'], { encoding: 'utf8' })
}

test.each(['18.20.8', '20.20.2', '22.11.0'])('Node %s is too old, and is told so in one line', (version) => {
  const { status, stdout, stderr } = onNode(version)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toBe(`plainwire needs Node 22.12 or newer, necesita Node 22.12 o más nuevo: ${version}\n`)
})

test.each(['22.12.0', '24.0.0', '26.10.0', '100.1.0'])('Node %s is not', (version) => {
  expect(onNode(version)).toMatchObject({ status: 0, stderr: '' })
})
