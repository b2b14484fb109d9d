// The programs that the bench runs in processes of their own, built as the package is: what reads TypeScript costs 40 MB
// and 60 ms, which nobody pays who installs a package.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@plainwire/testing'
import { build } from 'tsup'

/** Where `download.js` and one program for each cold start are; goes with its scope. */
export async function buildPrograms(): Promise<Disposable & { readonly path: string }> {
  const directory = temporaryDirectory()
  const { path } = directory
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }')
  await build({
    entry: {
      download: fileURLToPath(new URL('client-download-once.ts', import.meta.url)),
      client: fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    },
    outDir: path,
    format: 'esm',
    target: 'node22.12',
    noExternal: [/^@plainwire\//],
    removeNodeProtocol: false,
    silent: true,
    config: false,
    dts: false,
    clean: false,
  })
  const page = 'process.argv[2]'
  const programs: Readonly<Record<string, string>> = {
    nothing: '',
    plainwire: `import { get } from './client.js'; console.log(await (await get(${page})).text())`,
    'node-http': `import http from 'node:http'; http.get(${page}, { agent: false }, (r) => { let t = ''; r.on('data', (d) => (t += d)).on('end', () => console.log(t)) })`,
    fetch: `console.log(await (await fetch(${page}, { headers: { connection: 'close' } })).text())`,
    undici: `import { createRequire } from 'node:module'
      const undici = createRequire(process.env.PLAINWIRE_HTTP_PEERS + '/x.js')('undici')
      console.log(await (await undici.request(${page}, { reset: true })).body.text())`,
  }
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(path, `${name}.js`), text)
  return directory
}
