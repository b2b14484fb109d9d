// Symmetric keys with node:crypto behind them.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { aesCmac } from './aes-cmac.ts'
import { macAuthenticator, type Authenticator, type MacKey } from './protocol/authentication.ts'
import { checkedKey, parseKeyFile, type SymmetricKey } from './protocol/key-file.ts'

/**
 * Proves the exchanges of a `query` with a key that the server holds, too. An answer without its MAC is dropped, a
 * kiss-o'-death as well: only who has the key may refuse. RangeError or TypeError for a key that cannot be one.
 */
export function authenticateWith(key: SymmetricKey): Authenticator {
  return macAuthenticator(macKey(key))
}

/**
 * The keys in a file of chronyd's or ntpd's. Rejects with the system's error where it cannot be read, and with a TypeError
 * or RangeError that names the line, and never shows a secret.
 */
export async function loadKeyFile(path: string | URL, dialect?: 'chrony' | 'ntp'): Promise<SymmetricKey[]> {
  return parseKeyFile(await readFile(path, 'utf8'), dialect)
}

export function macKey(key: SymmetricKey): MacKey {
  const { id, algorithm, secret } = checkedKey(key)
  switch (algorithm) {
    case 'MD5':
    case 'SHA1':
    case 'SHA256':
    case 'SHA512':
      // The secret first, RFC 5905's way: no HMAC.
      return {
        id,
        digest: (covered) => new Uint8Array(createHash(algorithm).update(secret).update(covered).digest()),
      }
    case 'AES128':
    case 'AES256':
      return { id, digest: (covered) => aesCmac(secret, covered) }
  }
}
