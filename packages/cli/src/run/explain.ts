import { quoted } from '@plainwire/socket-utils/errors'
import type { Context } from '../context.ts'
import { NegativeAnswer } from '../exit-code.ts'
import { say } from '../language.ts'
import { explanations } from '../manual/explanations.ts'
import { wrapped } from '../output/wrap.ts'

export async function runExplain(context: Context, _: object, what?: string): Promise<void> {
  const all = explanations()
  if (what === undefined) {
    return context.answer({ explanations: all }, () => listed(all.map(({ name }) => name)))
  }
  const wanted = what.toLowerCase()
  const found = all.filter(({ name, also }) => [name, ...also].some((known) => known.toLowerCase() === wanted))
  if (found.length === 0) {
    const where = say({ en: '`plainwire explain` lists what is', es: '`plainwire explain` lista lo que hay' })
    throw new NegativeAnswer(
      say({ en: `nothing known of ${quoted(what)}; ${where}`, es: `no se sabe nada de ${quoted(what)}; ${where}` }),
    )
  }
  context.answer({ explanations: found }, () =>
    found.flatMap(({ name, kind, meaning, advice, exitCode }) => [
      `${context.paint('bold', name)}  ${kind}`,
      ...wrapped(meaning, 76).map((line) => `  ${line}`),
      ...(advice === undefined ? [] : wrapped(advice, 76).map((line) => `  ${line}`)),
      ...(exitCode === undefined ? [] : [`  ${say({ en: 'exit status', es: 'estado de salida' })} ${exitCode}`]),
    ]),
  )
}

function listed(names: readonly string[]): string[] {
  const width = Math.max(...names.map((name) => name.length)) + 2
  const across = Math.max(1, Math.floor(78 / width))
  const rows = Math.ceil(names.length / across)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: across }, (_, column) => (names[column * rows + row] ?? '').padEnd(width))
      .join('')
      .trimEnd(),
  )
}
