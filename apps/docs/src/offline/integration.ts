import type { AstroIntegration } from 'astro'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'

/** Stored on the first visit, whichever page that is. */
const AT_ONCE = ['/', '/es/', '/playground/', '/es/playground/']

/** Writes `/sw.js`, which differs whenever anything on the site does, so that browsers take the new one. */
export function offline(): AstroIntegration {
  return {
    name: 'offline',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const hash = createHash('sha256')
        const names = (await readdir(dir, { recursive: true })).filter((name) => /\.(html|js|css)$/.test(name)).sort()
        for (const name of names) hash.update(name).update(await readFile(new URL(name, dir)))
        const files = new Set(AT_ONCE)
        for (const page of AT_ONCE) {
          const html = await readFile(new URL(`.${page}index.html`, dir), 'utf8')
          for (const [file] of html.matchAll(/\/_astro\/[^"' )]+/g)) files.add(file)
        }
        for (const file of [...files].filter((name) => name.endsWith('.js'))) {
          const code = await readFile(new URL(`.${file}`, dir), 'utf8')
          for (const [, name] of code.matchAll(/["']\.\/([\w.-]+\.js)["']/g)) files.add(`/_astro/${name}`)
        }
        const worker = await readFile(new URL('./worker.js', import.meta.url), 'utf8')
        const built = JSON.stringify({ version: hash.digest('hex').slice(0, 16), files: [...files] })
        await writeFile(new URL('sw.js', dir), worker.replace('= BUILD', `= ${built}`))
      },
    },
  }
}
