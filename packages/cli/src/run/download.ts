// The body of a response, to stdout or into a file, with its progress on a terminal.

import type { HttpResponse } from '@plainwire/http-client'
import type { GetFlags } from '../commands/get.ts'
import type { Context } from '../context.ts'
import { FileFault, Unwritable } from '../exit-code.ts'
import { say } from '../language.ts'
import { Progress } from '../output/progress.ts'

export async function saveBody(context: Context, { output }: GetFlags, response: HttpResponse): Promise<void> {
  if (output === undefined || output === '-') return await toStdout(context, response)
  const { open } = await import('node:fs/promises')
  const file = await writing(output, open(output, 'w'))
  using progress = new Progress(context, output, Number(response.headers.get('content-length') ?? NaN))
  try {
    for await (const bytes of response.body) {
      await writing(output, file.writeFile(bytes))
      progress.add(bytes.length)
    }
  } finally {
    await writing(output, file.close())
  }
  context.note(say({ en: `${output}: ${progress.bytes} bytes`, es: `${output}: ${progress.bytes} bytes` }))
}

async function toStdout(context: Context, response: HttpResponse): Promise<void> {
  let first = true
  for await (const bytes of response.body) {
    // What is not text can leave a terminal unusable.
    if (first && process.stdout.isTTY && bytes.includes(0)) {
      throw new FileFault(
        say({
          en: 'the body is not text: write it into a file with --output FILE',
          es: 'el cuerpo no es texto: escríbelo en un fichero con --output FICHERO',
        }),
      )
    }
    first = false
    await context.write(bytes)
    context.signal.throwIfAborted() // nobody reads on
  }
}

async function writing<Result>(path: string, done: Promise<Result>): Promise<Result> {
  try {
    return await done
  } catch (error) {
    throw new Unwritable(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
