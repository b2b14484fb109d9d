// A certificate authority for the length of a test, by openssl. Its certificates last a day, or are of the wrong day.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram, temporaryDirectory } from '@plainwire/testing'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

export interface Authority extends Disposable {
  readonly ca: string
  /** `names` as openssl writes them: `DNS:localhost,IP:127.0.0.1`. Days count from today. */
  readonly issue: (names: string, validDays?: readonly [first: number, last: number]) => Certificate
  readonly selfSigned: (names: string) => Certificate
}

const CONFIG = `
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
`

export function openAuthority(openssl: string): Authority {
  const directory = temporaryDirectory()
  const at = (name: string): string => join(directory.path, name)
  const read = (name: string): string => readFileSync(at(name), 'utf8')
  const newKey = (name: string): string[] => [
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    at(`${name}.key`),
  ]
  writeFileSync(at('index.txt'), '')
  writeFileSync(
    at('config'),
    CONFIG.replaceAll(/index\.txt|\.$/gm, (name) => (name === '.' ? directory.path : at(name))),
  )
  runProgram(openssl, [...newKey('ca'), '-x509', '-subj', '/CN=authority', '-days', '1', '-out', at('ca.pem')])
  const ca = read('ca.pem')

  return {
    ca,
    issue(names, [first, last] = [-1, 1]) {
      const request = ['-subj', '/CN=plainwire', '-addext', `subjectAltName=${names}`, '-out', at('request')]
      runProgram(openssl, [...newKey('leaf'), ...request])
      const dates = ['-startdate', asn1Date(first), '-enddate', asn1Date(last)]
      const signer = ['-config', at('config'), '-cert', at('ca.pem'), '-keyfile', at('ca.key')]
      const files = ['-in', at('request'), '-out', at('leaf.pem')]
      runProgram(openssl, ['ca', '-batch', '-notext', ...signer, ...dates, ...files])
      return { key: read('leaf.key'), cert: read('leaf.pem') }
    },
    selfSigned(names) {
      const certificate = [
        '-x509',
        '-subj',
        '/CN=plainwire',
        '-addext',
        `subjectAltName=${names}`,
        '-out',
        at('own.pem'),
      ]
      runProgram(openssl, [...newKey('own'), ...certificate])
      return { key: read('own.key'), cert: read('own.pem') }
    },
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  }
}

/** `20261122133000Z` */
function asn1Date(daysFromNow: number): string {
  return `${new Date(Date.now() + daysFromNow * 86_400_000).toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`
}
