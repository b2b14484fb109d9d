// `node scripts/astro.ts dev|build|preview`: makes what is generated, then hands over to Astro. No telemetry, no network.

const [command] = process.argv.slice(2)
process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
// Before Astro looks: a test's environment would leave out what only visitors get, the search and the service worker.
if (command === 'build') process.env['NODE_ENV'] = 'production'

const root = new URL('..', import.meta.url).pathname
const { build, dev, preview } = await import('astro')
const { generate } = await import('./generate.ts')

switch (command) {
  case 'dev':
    await generate()
    await dev({ root })
    break
  case 'build':
    await generate()
    await build({ root })
    break
  case 'preview':
    await preview({ root })
    break
  case undefined:
  default:
    throw new TypeError(`astro.ts takes dev, build or preview, got ${JSON.stringify(command)}`)
}
