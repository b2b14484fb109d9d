// What is in a package, as a bill of materials (CycloneDX 1.7) for those who must keep one: what the manifest names, and
// what was bundled, which no manifest tells but the source maps do.

import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Candidate } from './candidate.ts'
import { run } from './run.ts'
import type { Tools } from './tools.ts'

interface Component {
  readonly type: 'library'
  readonly name: string
  readonly version: string
  readonly purl: string
}

/** Writes `sbom/*.json` beside the tarballs. A fault for each bundled package whose licence is not passed on. */
export async function describeContents({ home, packs }: Candidate, tools: Tools): Promise<string[]> {
  const directory = join(packs, 'sbom')
  mkdirSync(directory)
  const options = ['--split', '--prod', '--sbom-format', 'cyclonedx', '--out', join(directory, '%s.json')]
  await run('pnpm', ['--filter', './packages/*', 'sbom', ...options], { cwd: home, env: tools.env })
  return globSync('packages/*', { cwd: home }).flatMap((folder) => {
    const bundled = bundledInto(join(home, folder))
    const path = join(directory, `plainwire-${folder.slice('packages/'.length)}.json`)
    const document = JSON.parse(readFileSync(path, 'utf8')) as { components?: readonly Component[] }
    writeFileSync(
      path,
      JSON.stringify({ ...document, components: [...(document.components ?? []), ...bundled] }, null, 2),
    )
    const notices = join(home, folder, 'THIRD-PARTY-NOTICES')
    const passedOn = existsSync(notices) ? readFileSync(notices, 'utf8') : ''
    return bundled
      .filter(({ name }) => !name.startsWith('@plainwire/') && !passedOn.includes(name))
      .map(({ name }) => `${folder} brings ${name}, and THIRD-PARTY-NOTICES does not say so`)
  })
}

function bundledInto(folder: string): Component[] {
  const roots = new Set<string>()
  for (const map of globSync('dist/**/*.js.map', { cwd: folder })) {
    const { sources } = JSON.parse(readFileSync(join(folder, map), 'utf8')) as { sources: readonly string[] }
    for (const source of sources) {
      const path = join(folder, dirname(map), source)
      // Of the family everything lies under packages/, of others under node_modules/.
      const root = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? /^.*\/packages\/[^/]+/.exec(path)?.[0]
      if (root !== undefined && root !== folder) roots.add(root)
    }
  }
  return [...roots].map((root) => {
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Component
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:npm/${encodeURIComponent(name).replace('%2F', '/')}@${version}`,
    }
  })
}
