// A rehearsal that cannot fail shows nothing: five ways to spoil a release, each of which it must see.

import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { rehearse } from '../release/rehearsal.ts'
import { installTools } from '../release/tools.ts'

function edit(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8')
  const changed = change(text)
  expect(changed, `${path} is as it was`).not.toBe(text)
  writeFileSync(path, changed)
}

// Releases are made on Linux; npm and pnpm are no programs on Windows but scripts.
describe.skipIf(process.platform === 'win32')('a release is refused', () => {
  test.each([
    {
      spoiled: 'whose manifest lost an entry',
      library: 'ntp-client',
      tamper: (home: string) =>
        edit(join(home, 'packages/ntp-client/package.json'), (text) => text.replace('"./packet": {', '"./packets": {')),
      seen: [/ntp-client by npm, node26: .*Package subpath '\.\/packet' is not defined/],
    },
    {
      spoiled: 'whose declarations are elsewhere',
      library: 'http-client',
      tamper: (home: string) =>
        edit(join(home, 'packages/http-client/package.json'), (text) =>
          text.replace('dist/origin.d.ts', 'dist/orig.d.ts'),
        ),
      seen: [/publint http-client: .*dist\/orig\.d\.ts/, /attw http-client: .*origin/],
    },
    {
      spoiled: 'that needs what only developers have',
      library: 'socket-utils',
      tamper: (home: string) =>
        edit(join(home, 'packages/socket-utils/package.json'), (text) =>
          text.replace('"devDependencies": {', '"dependencies": { "fast-check": "4.10.2" },\n  "devDependencies": {'),
        ),
      seen: [/socket-utils by npm, install: .*404.*fast-check/],
    },
    {
      spoiled: 'that left a file out',
      library: 'socket-server',
      tamper: (home: string) =>
        edit(join(home, 'packages/socket-server/package.json'), (text) =>
          text.replace('"files": [', '"files": [\n    "!dist/client-worker.js",'),
        ),
      seen: [/publint socket-server: .*dist\/client-worker\.js/, /socket-server by npm, node26: exit 1/],
    },
    {
      spoiled: 'that awaits where it is loaded',
      library: 'ntp-client',
      tamper: (home: string) => edit(join(home, 'packages/ntp-client/dist/packet.js'), (text) => `await 0\n${text}`),
      seen: [/ntp-client by npm, require\(\): .*ERR_REQUIRE_ASYNC_MODULE/],
    },
  ])('$spoiled', async ({ library, tamper, seen }) => {
    using scratch = temporaryDirectory()
    const tools = await installTools(
      process.env['PLAINWIRE_RELEASE_TOOLS'] ?? join(tmpdir(), 'plainwire-release-tools'),
    )
    const { faults } = await rehearse({ directory: scratch.path, tools, packages: [library], tamper })
    process.stdout.write(`${faults.filter((fault) => seen.some((line) => line.test(fault))).join('\n')}\n`)
    for (const line of seen) expect(faults).toContainEqual(expect.stringMatching(line))
  })
})
