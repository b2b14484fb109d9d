// A certificate that no authority has signed, for servers on loopback.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram, temporaryDirectory } from './peers.ts'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** For localhost and 127.0.0.1, signed by itself, good for a day; by openssl. */
export function selfSigned(openssl: string, name = 'localhost'): Certificate {
  using directory = temporaryDirectory()
  const [key, cert] = [join(directory.path, 'key.pem'), join(directory.path, 'cert.pem')]
  const names = `subjectAltName=DNS:${name},IP:127.0.0.1`
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  runProgram(openssl, [
    'req',
    ...kind,
    '-subj',
    `/CN=${name}`,
    '-addext',
    names,
    '-days',
    '1',
    '-keyout',
    key,
    '-out',
    cert,
  ])
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}
