// The long help of a command: what it does, wrapped for a terminal, and an example that runs.

import { say, type Localized } from './language.ts'

const WIDTH = 78

export function helpText(text: Localized, example: string): string {
  const heading = say({ en: 'Example', es: 'Ejemplo' })
  return `${wrapped(say(text)).join('\n')}\n\n${heading}:\n  ${example}`
}

/** Lines of at most 78 characters; a longer word has a line of its own. */
export function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
