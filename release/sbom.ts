// What is in a package, as a bill of materials (CycloneDX 1.7) for those who must keep one: what the manifest names, and
// what was bundled, which no manifest tells but the bundler does.

import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const folders = globSync('packages/*', { cwd: home })
  const bundles = await Promise.all(folders.map((folder) => bundledInto(join(home, folder), tools)))
  return folders.flatMap((folder, at) => {
    const bundled = bundles[at] ?? []
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

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>
}

/** Builds the package once more, to be told of every file that goes into it. */
async function bundledInto(folder: string, tools: Tools): Promise<Component[]> {
  await run('pnpm', ['exec', 'tsup', '--metafile', '--no-clean'], { cwd: folder, env: tools.env })
  const roots = new Set<string>()
  for (const metafile of globSync('dist/**/metafile-*.json', { cwd: folder })) {
    const { outputs } = JSON.parse(readFileSync(join(folder, metafile), 'utf8')) as Metafile
    for (const input of Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))) {
      const path = join(folder, input)
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
