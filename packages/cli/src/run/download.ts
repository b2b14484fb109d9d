// The body of a response, to stdout or into a file, with its progress on a terminal.

import type { HttpResponse } from '@plainwire/http-client'
import type { Context } from '../context.ts'
import { Unwritable } from '../exit-code.ts'
import { say } from '../language.ts'
import { reasonOf } from '../output/files.ts'
import { Progress } from '../output/progress.ts'

/** How many bytes; without `output`, and with `-`, to stdout. */
export async function saveBody(context: Context, output: string | undefined, response: HttpResponse): Promise<number> {
  if (output === undefined || output === '-') return await toStdout(context, response, output === '-')
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
  context.note(`${output}: ${progress.bytes} bytes`)
  return progress.bytes
}

async function toStdout(context: Context, response: HttpResponse, whateverItIs: boolean): Promise<number> {
  let written = 0
  for await (const bytes of response.body) {
    // What is not text can leave a terminal unusable.
    if (written === 0 && process.stdout.isTTY && !whateverItIs && !isText(bytes)) {
      throw new Unwritable(
        say({
          en: 'the body is not text: write it into a file with --output FILE, or anyway with --output -',
          es: 'el cuerpo no es texto: va a un fichero con --output FICHERO, o aquí de todos modos con --output -',
        }),
      )
    }
    await context.write(bytes)
    written += bytes.length
    context.signal.throwIfAborted() // nobody reads on
  }
  return written
}

/** By the controls in it: texts have tabs, line endings, form feeds and the escapes of colours, and no others. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b)
}

async function writing<Result>(path: string, done: Promise<Result>): Promise<Result> {
  try {
    return await done
  } catch (error) {
    throw new Unwritable(`${path}: ${reasonOf(error)}`)
  }
}
