import { ProtocolError } from '@plainwire/socket-utils/errors'
import { parseHexdump } from '@plainwire/socket-utils/hexdump'
import type { Dissectable, DissectFlags } from '../commands/dissect.ts'
import type { Context } from '../context.ts'
import { Malformed, UsageError } from '../exit-code.ts'
import { causeOf } from '../failure.ts'
import { say } from '../language.ts'
import { readInput } from '../output/input.ts'

export async function runDissect(
  context: Context,
  flags: DissectFlags,
  kind: Dissectable,
  path: string,
): Promise<void> {
  if (path === '-' && process.stdin.isTTY) {
    throw new UsageError(
      say({ en: 'pipe the bytes in, or name a FILE', es: 'pasa los bytes por una tubería, o nombra un FICHERO' }),
    )
  }
  const bytes = decoded(await readInput(path, context), flags)
  if (bytes.length === 0) throw new UsageError(say({ en: 'no bytes to dissect', es: 'no hay bytes que descomponer' }))
  try {
    await dissect(context, kind, bytes)
  } catch (error) {
    // There is no peer who could be asked again.
    throw error instanceof ProtocolError ? new Malformed(causeOf(error)) : error
  }
}

async function dissect(context: Context, kind: Dissectable, bytes: Uint8Array): Promise<void> {
  const isHttp = kind === 'http' || (kind === 'auto' && looksLikeHttp(bytes))
  if (!isHttp) {
    if (kind === 'auto' && !looksLikeNtp(bytes)) {
      throw new Malformed(say({ en: 'neither HTTP nor NTP', es: 'no es ni HTTP ni NTP' }))
    }
    const { ntpDocument, ntpLines } = await import('../output/ntp-fields.ts')
    context.answer(ntpDocument(bytes), () => ntpLines(bytes))
  } else {
    const { httpDocument } = await import('../output/http-messages.ts')
    const { document, lines, fault } = httpDocument(bytes)
    context.answer(document, () => lines)
    if (fault) throw fault // after what came before it
  }
}

/** A whole header of a version that there is, in a mode that is not reserved: RFC 5905 §7.3. */
function looksLikeNtp(bytes: Uint8Array): boolean {
  const [first = 0] = bytes
  const version = (first >> 3) & 7
  return bytes.length >= 48 && version >= 1 && version <= 4 && (first & 7) !== 0
}

/** A method and a space, or HTTP/: an NTP packet begins with neither, since its first byte would be mode 0 or 7. */
function looksLikeHttp(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 24))
  return /^(?:\r?\n)*(?:HTTP\/|[A-Z]+ \S)/.test(start)
}

function decoded(input: Uint8Array, { hex, base64 }: DissectFlags): Uint8Array {
  if (!hex && !base64) return input
  const text = new TextDecoder().decode(input).trim()
  if (base64) {
    if (/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) return Buffer.from(text, 'base64')
    throw new UsageError(say({ en: 'that is no base64', es: 'eso no es base64' }))
  }
  try {
    if (/^[0-9a-f]+: |^0{6,} +[0-9a-f]{2}(?: |$)/im.test(text)) return parseHexdump(text)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const digits = text.replace(/0x|[\s:,]/gi, '')
  if (/^(?:[0-9a-f]{2})*$/i.test(digits)) return Buffer.from(digits, 'hex')
  throw new UsageError(
    say({ en: 'those are no pairs of hexadecimal digits', es: 'eso no son pares de cifras hexadecimales' }),
  )
}
