import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { quoted } from '@plainwire/socket-utils/errors'

/** The URL as text. TypeError if it is none, or names no file: the other end would learn that only from the first client. */
export function checkModule(moduleUrl: string | URL): string {
  if (!URL.canParse(String(moduleUrl))) {
    throw new TypeError(`moduleUrl must be a URL, such as import.meta.url, got ${quoted(moduleUrl)}`)
  }
  const url = new URL(moduleUrl)
  if (url.protocol === 'file:' && !existsSync(fileURLToPath(url))) {
    throw new TypeError(`moduleUrl must be the URL of a module, but there is no file ${quoted(fileURLToPath(url))}`)
  }
  return url.href
}
