import type { Shell } from '../commands/completion.ts'
import type { Context } from '../context.ts'
import { completionScript } from '../manual/completion-scripts.ts'
import { loadTable } from '../table.ts'

export async function runCompletion(context: Context, _: object, shell: Shell): Promise<void> {
  context.print(completionScript(shell, await loadTable()).trimEnd())
}
