// The body of a response, to stdout or into a file, with its progress on a terminal.

import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { HttpResponse } from '@plainwire/http-client'
import type { GetFlags } from '../commands/get.ts'
import type { Context } from '../context.ts'
import { FileFault, Unwritable } from '../exit-code.ts'
import { say } from '../language.ts'
import { Progress } from '../output/progress.ts'

export async function saveBody(context: Context, { output }: GetFlags, response: HttpResponse): Promise<void> {
  if (output === undefined || output === '-') return await toStdout(context, response)
  const file = createWriteStream(output)
  const failed = once(file, 'error').then(([error]) => Promise.reject(unwritable(output, error)))
  failed.catch(() => {})
  using progress = new Progress(context, output, Number(response.headers.get('content-length') ?? NaN))
  const written = (async () => {
    for await (const bytes of response.body) {
      if (!file.write(bytes)) await Promise.race([once(file, 'drain'), failed])
      progress.add(bytes.length)
    }
    file.end()
    await Promise.race([once(file, 'close'), failed])
  })()
  try {
    await Promise.race([written, failed])
  } catch (error) {
    await response.close()
    await written.catch(() => {})
    file.destroy()
    throw error
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

function unwritable(path: string, error: unknown): Unwritable {
  return new Unwritable(`${path}: ${error instanceof Error ? error.message : String(error)}`)
}
