import { listMembers } from './grammar.ts'
import type { HeaderList } from './headers.ts'
import type { HttpVersion } from './http-version.ts'

/**
 * Whether another message may follow on this connection, RFC 9112 §9.3: `close` ends it; else HTTP/1.1 persists, and
 * HTTP/1.0 where it says `keep-alive`. A body that lasts until the connection closes ends it in any case.
 */
export function persists(head: { readonly version: HttpVersion; readonly headers: HeaderList }): boolean {
  const { connection: index, someRepeated } = head.headers.framingLines
  if (index === -1) return head.version === '1.1'
  const connection = someRepeated ? (head.headers.get('connection') ?? '') : head.headers.value(index)
  // What is sent nearly always: no list need be made of it.
  if (connection === 'close') return false
  if (connection === 'keep-alive') return head.version !== '0.9'
  const options = listMembers(connection)
  if (options.includes('close')) return false
  return head.version === '1.1' || (head.version === '1.0' && options.includes('keep-alive'))
}
