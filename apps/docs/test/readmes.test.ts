// The programs in the packages' READMEs, which are pages of the reference too: each is type-checked and run, with the
// hosts of its examples replaced by servers on loopback.

import { spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveHttp } from '@plainwire/http-client/origin'
import { serveNtp } from '@plainwire/ntp-client/server'
import { serveConcurrently } from '@plainwire/socket-server'
import { describeWithPeer, findProgram, runNode, temporaryDirectory } from '@plainwire/testing'
import { selfSigned } from '@plainwire/testing/certificate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PACKAGES } from '../scripts/reference.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

interface Block {
  /** A file name: `ntp-client-2.ts`. */
  readonly file: string
  readonly code: string
}

/** One that imports nothing goes on where the one before it began. */
function blocksOf(name: string): Block[] {
  const readme = readFileSync(new URL('README.md', import.meta.resolve(`@plainwire/${name}/package.json`)), 'utf8')
  let imports = ''
  return [...readme.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code = ''], index) => {
    const own = code.match(/^import .*\n/gm)?.join('') ?? ''
    if (own !== '') imports = own
    return { file: `${name}-${index + 1}.ts`, code: own === '' ? imports + code : code }
  })
}

describeWithPeer('openssl', 'a program in a README', (openssl) => {
  const directory = temporaryDirectory()
  const servers = new AsyncDisposableStack()
  const blocks = PACKAGES.flatMap(blocksOf)
  let here: (code: string) => string

  beforeAll(async () => {
    const at = (name: string): string => join(directory.path, name)
    symlinkSync(NODE_MODULES, at('node_modules'))
    writeFileSync(at('package.json'), '{ "type": "module" }')
    writeFileSync(at('keys'), '7 SHA1 HEX:0102030405060708090a0b0c0d0e0f1011121314\n')
    const certificate = selfSigned(openssl)
    writeFileSync(at('authority.pem'), certificate.cert)

    const key = { id: 7, algorithm: 'SHA1', secret: Uint8Array.from({ length: 20 }, (_, index) => index + 1) } as const
    const startTime = async (): Promise<string> => {
      const { host, port } = servers.use(await serveNtp({ port: 0, keys: [key] }))
      return `'${host}:${port}'`
    }
    const answer = { headers: { 'Content-Type': 'application/json' }, body: '{}' }
    const web = servers.use(await serveConcurrently((connection) => serveHttp(connection, () => answer), { port: 0 }))
    const secure = servers.use(
      await serveConcurrently(() => {}, { port: 0, tls: { ...certificate, alpnProtocols: ['http/1.1'] } }),
    )
    const [one, two, three] = [await startTime(), await startTime(), await startTime()]
    const replaced = new Map([
      ["'http://www.example.com/'", `'http://127.0.0.1:${web.port}/'`],
      ["'https://api.example.com/items'", `'http://127.0.0.1:${web.port}/items'`],
      ["host: 'www.example.com', port: 80", `host: '127.0.0.1', port: ${web.port}`],
      ["host: 'www.example.com', port: 443", `host: 'localhost', port: ${secure.port}`],
      ["'pool.ntp.org'", one],
      ["'time.example'", one],
      ["'ntp.example'", two],
      ["'[2001:db8::7]'", three],
      ["'/etc/chrony/chrony.keys'", `'${at('keys')}'`],
      ['port: 12300', 'port: 0'],
      ['port: 8888', 'port: 0'],
    ])
    here = (code) => [...replaced].reduce((text, [there, ours]) => text.replaceAll(there, ours), code)
    for (const { file, code } of blocks) writeFileSync(at(file), here(code))
  })
  afterAll(async () => {
    await servers.disposeAsync()
    directory[Symbol.dispose]()
  })

  test('is there for each package', () => {
    expect(new Set(blocks.map(({ file }) => file.replace(/-\d+\.ts$/, '')))).toEqual(new Set(PACKAGES))
  })

  test('has no type at fault', () => {
    const include = blocks.map(({ file }) => file)
    const compilerOptions = { allowImportingTsExtensions: true, typeRoots: [join(ROOT, 'node_modules/@types')] }
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, files: include }
    writeFileSync(join(directory.path, 'tsconfig.json'), JSON.stringify(config))
    const tsc = findProgram('tsc')
    if (tsc === undefined) throw new Error('no tsc on the PATH: run this by `pnpm test`')
    expect(spawnSync(tsc, ['-p', directory.path], { encoding: 'utf8' })).toMatchObject({ stdout: '', status: 0 })
  })

  test.concurrent.each(blocks.map(({ file }) => file))('%s runs to its end', async (file) => {
    const path = join(directory.path, file)
    // Servers would go on for ever; in a thread of its own, the program is one of theirs.
    const end = `\nif ((await import('node:worker_threads')).isMainThread) process.exit(0)\n`
    writeFileSync(path, readFileSync(path, 'utf8') + end)
    expect(readFileSync(path, 'utf8')).not.toMatch(/example|pool\.ntp/)
    await using peer = runNode(path, [], { NODE_EXTRA_CA_CERTS: join(directory.path, 'authority.pem') })
    let printed = ''
    for (const stream of [peer.process.stdout, peer.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (printed += text))
    }
    expect({ exitCode: await peer.exited, printed }).toMatchObject({ exitCode: 0 })
    expect(printed).not.toMatch(/NaN|\[object/)
  })
})
