// RFC 7617. Not a secret on its way: base64 is a spelling.

import { quoted } from '@plainwire/socket-utils/errors'

/** A user name and a password, RFC 7617: sent in UTF-8 and readable by whoever sees the message. */
export interface Credentials {
  /** Without a colon: what follows one would be taken for the password. */
  readonly username: string
  readonly password: string
}

/** The value of Authorization or Proxy-Authorization, in UTF-8. */
export function basicAuthorization({ username, password }: Credentials): string {
  if (username.includes(':')) throw new TypeError(`user name must have no colon, got ${quoted(username)}`)
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** From `http://name:password@host/`; undefined where the URL has none. */
export function credentialsOf({ username, password }: URL): Credentials | undefined {
  if (username === '' && password === '') return undefined
  return { username: decoded(username), password: decoded(password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new TypeError('the user name or password in the URL is no percent-encoded UTF-8')
  }
}
