import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ManFlags } from '../commands/man.ts'
import type { Context } from '../context.ts'
import { mdocPage } from '../manual/mdoc.ts'
import { loadTable } from '../table.ts'

/** Of the text, not of the run: two builds of one version print the same. */
const DATE = new Date('2026-11-22')

export async function runMan(context: Context, { format }: ManFlags): Promise<void> {
  const table = await loadTable()
  if (format === 'markdown') {
    const { markdownPage } = await import('../manual/markdown.ts')
    return context.print(markdownPage(table).trimEnd())
  }
  const page = mdocPage(table, DATE)
  if (!process.stdout.isTTY || !(await shownByMan(page))) context.print(page.trimEnd())
}

/** False where there is no man that reads from a pipe. */
async function shownByMan(page: string): Promise<boolean> {
  const child = spawn('man', ['-l', '-'], { stdio: ['pipe', 'inherit', 'ignore'] })
  child.stdin?.on('error', () => {})
  child.stdin?.end(page)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code === 0
  } catch {
    return false
  }
}
