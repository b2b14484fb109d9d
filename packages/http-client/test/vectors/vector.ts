// One message, or a few on one connection, as bytes, and what a parser must make of them.

import type { ParserOptions } from '@plainwire/http-client/parser'

export interface Vector {
  /** What it is about, with the section that decides. */
  readonly name: string
  /** ISO-8859-1: one character is one byte. */
  readonly wire: string
  /** Methods of the requests that the responses answer; GET where there is none. */
  readonly methods?: readonly string[]
  /**
   * The events as `readEvents` writes them, with the peer closing after the last byte. A refusal is the last line: code,
   * offset in `wire`, line in the message, clause; repairs stand the same way behind a `!`.
   */
  readonly expect: readonly string[]
  /** What is left after the last message. */
  readonly surplus?: string
  readonly options?: ParserOptions
}
