// `chunk-size [ chunk-ext ]`, RFC 9112 §7.1. Extensions are checked, so that nothing hides in them, and dropped.

import { quoted } from '@plainwire/socket-utils/errors'
import { FIELD_TEXT, TOKEN, hexDigit, isOws } from './grammar.ts'
import { violation } from './violation.ts'

/** The size in bytes, up to 2^53 - 1. `offset`: where the line begins, for the error. */
export function parseChunkLine(line: string, offset: number): number {
  let size = 0
  let at = 0
  for (; at < line.length; at++) {
    const digit = hexDigit(line.charCodeAt(at))
    if (digit === -1) break
    size = size * 16 + digit
    if (!Number.isSafeInteger(size)) throw violation('http/bad-chunk', `chunk size too big ${quoted(line)}`, offset)
  }
  if (at === 0) throw violation('http/bad-chunk', `bad chunk size ${quoted(line)}`, offset)
  while (at < line.length) {
    const end = skipExtension(line, at)
    if (end === -1) throw violation('http/bad-chunk', `bad chunk size or extension ${quoted(line)}`, offset + at)
    at = end
  }
  return size
}

/** Past one `BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ]` that begins at `at`, or -1. */
function skipExtension(line: string, at: number): number {
  const semicolon = skipOws(line, at)
  if (line[semicolon] !== ';') return -1
  const name = skipOws(line, semicolon + 1)
  const afterName = skipToken(line, name)
  if (afterName === name) return -1
  const equals = skipOws(line, afterName)
  if (line[equals] !== '=') return afterName
  const value = skipOws(line, equals + 1)
  if (line[value] === '"') return skipQuotedString(line, value)
  const afterValue = skipToken(line, value)
  return afterValue === value ? -1 : afterValue
}

function skipOws(line: string, from: number): number {
  let at = from
  while (isOws(line.charCodeAt(at))) at++
  return at
}

function skipToken(line: string, from: number): number {
  let at = from
  while (TOKEN[line.charCodeAt(at)] === 1) at++
  return at
}

function skipQuotedString(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '"') return at + 1
    if (line[at] === '\\') at++
    if (FIELD_TEXT[line.charCodeAt(at)] !== 1) return -1
  }
  return -1
}
