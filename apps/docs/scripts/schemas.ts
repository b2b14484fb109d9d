// A page of the JSON Schemas that the command line is published with; each has an address of its own beside it.

import { readdir, readFile } from 'node:fs/promises'

const DIRECTORY = new URL('schemas/', import.meta.resolve('@plainwire/cli/package.json'))

/** A heading for each, what it describes, and the whole of it; the schemas themselves speak English. */
export async function schemasPage(introduction: string): Promise<string> {
  const sections = (await schemas()).map(({ name, text }) => {
    const { title, description } = JSON.parse(text) as { title: string; description: string }
    const body = `<p lang="en">${withCode(description)}</p>\n\n[/schemas/${name}.json](/schemas/${name}.json)`
    return `## ${title}\n\n${body}\n\n<details>\n<summary>${name}.json</summary>\n\n\`\`\`json\n${text.trim()}\n\`\`\`\n\n</details>`
  })
  return [introduction, ...sections].join('\n\n')
}

async function schemas(): Promise<{ readonly name: string; readonly text: string }[]> {
  const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.json')).sort()
  return await Promise.all(
    files.map(async (file) => ({
      name: file.replace('.json', ''),
      text: await readFile(new URL(file, DIRECTORY), 'utf8'),
    })),
  )
}

/** Markdown within an element of HTML stays as it is written. */
function withCode(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return escaped.replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}
