import { listMembers } from './grammar.ts'
import type { HeaderList } from './headers.ts'

/** The versions that this package speaks. */
export type HttpVersion = '1.0' | '1.1'

/**
 * Whether another message may follow on this connection, RFC 9112 §9.3: `close` ends it; else HTTP/1.1 persists, and
 * HTTP/1.0 where it says `keep-alive`. A body that lasts until the connection closes ends it in any case.
 */
export function persists(head: { readonly version: HttpVersion; readonly headers: HeaderList }): boolean {
  const options = listMembers(head.headers.get('connection') ?? '')
  if (options.includes('close')) return false
  return head.version === '1.1' || options.includes('keep-alive')
}
