// `node scripts/astro.ts dev|build|preview`: makes what is generated, then hands over to Astro. No telemetry, no network.

process.env['ASTRO_TELEMETRY_DISABLED'] = '1'

const root = new URL('..', import.meta.url).pathname
const { build, dev, preview } = await import('astro')
const { generate } = await import('./generate.ts')

const [command] = process.argv.slice(2)
switch (command) {
  case 'dev':
    await generate()
    await dev({ root })
    break
  case 'build':
    // Whoever calls: a test's environment would leave out what only visitors get, such as the service worker.
    process.env['NODE_ENV'] = 'production'
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
