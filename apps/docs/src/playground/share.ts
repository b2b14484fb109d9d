// A message in the address of the page: what stands behind # is never sent to any server.

import { latin1 } from './message-text.ts'
import type { Protocol } from './samples.ts'

export interface Shared {
  readonly protocol: Protocol
  readonly bytes: Uint8Array
}

const PROTOCOLS: readonly string[] = ['ntp', 'response', 'request'] satisfies Protocol[]
/** Longer addresses are cut by programs that pass them on. */
const MOST_BYTES = 4096

/** `#ntp=JAIG6Q…`; empty for a message that is too long for an address. */
export function toFragment({ protocol, bytes }: Shared): string {
  if (bytes.length > MOST_BYTES) return ''
  const base64 = btoa(latin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `#${protocol}=${base64}`
}

/** Undefined for a fragment that is something else, a heading say. */
export function fromFragment(fragment: string): Shared | undefined {
  const [, protocol = '', base64 = ''] = /^#(\w+)=([\w-]*)$/.exec(fragment) ?? []
  if (!PROTOCOLS.includes(protocol)) return undefined
  try {
    const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
    return { protocol: protocol as Protocol, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) }
  } catch {
    return undefined
  }
}
