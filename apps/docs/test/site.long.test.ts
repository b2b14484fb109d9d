// The site as it is built, in a real browser: every page in both languages, light and dark.

import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { describeWithPeer } from '@plainwire/testing'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveSite, type Site } from './site.ts'

const ROOT = new URL('../', import.meta.url)
const DIST = new URL('dist/', ROOT)
/** Pages under the axe at once: the machine has two cores. */
const LANES = 3

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What Playwright waits for without a limit of its own, for half a minute. */
async function answered<T>(what: string, promise: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what}: no answer from the browser`)), 30_000)
  return await Promise.race([promise, tooLate]).finally(() => clearTimeout(timer))
}

describeWithPeer('chromium', 'the built site', (executablePath) => {
  let site: Site
  let browser: Browser
  let pages: string[] = []

  beforeAll(async () => {
    if (process.env['PLAINWIRE_DOCS_BUILT'] === undefined) {
      const build = fileURLToPath(new URL('scripts/astro.ts', ROOT))
      // Not the environment of a test, which has a DEV that Astro would take for its own: it leaves out the search.
      const { PATH, HOME } = process.env
      await promisify(execFile)(process.execPath, [build, 'build'], { env: { PATH, HOME }, maxBuffer: 1 << 26 })
    }
    const files = await readdir(DIST, { recursive: true })
    pages = files.filter((name) => name.endsWith('index.html')).map((name) => `/${name.slice(0, -'index.html'.length)}`)
    site = await serveSite(DIST)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.[Symbol.asyncDispose]()
  })

  const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })

  async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await page.goto(site.origin + path)
    return page
  }

  async function playground(path = '/playground/'): Promise<Page> {
    const page = await open(path)
    await page.waitForSelector('wire-dissector[data-ready]')
    return page
  }

  test('has each schema of the command line at the address that the schema names', async () => {
    const directory = new URL('schemas/', import.meta.resolve('@plainwire/cli/package.json'))
    const names = await readdir(directory)
    expect(names).toContain('time.json')
    for (const name of names) {
      const text = await readFile(new URL(name, directory), 'utf8')
      const { $id } = JSON.parse(text) as { $id: string }
      const answer = await fetch(site.origin + new URL($id).pathname)
      expect(await answer.text(), $id).toBe(text)
    }
  })

  // A browser of its own, and a second one should that fall silent: Chromium has done so, with nothing left to do.
  test('axe finds nothing, by any rule, on any page, light or dark', { timeout: 600_000, retry: 2 }, async () => {
    await using browser = await launch()
    const axe = await readFile(new URL(import.meta.resolve('axe-core')), 'utf8')
    const found: string[] = []
    // In Spanish these are the English pages again, with a notice: one of them shows what they add.
    const again = pages.filter((path) => path.startsWith('/es/reference/api/')).slice(1)
    const waiting = pages.filter((path) => !again.includes(path))
    const lane = async (): Promise<void> => {
      const page = await answered('a page', browser.newPage({ reducedMotion: 'reduce' }))
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        await answered(path, page.goto(site.origin + path))
        await answered(path, page.evaluate(axe))
        for (const theme of ['light', 'dark']) {
          // oxlint-disable-next-line no-eval -- the page's, where axe is
          const run = `document.documentElement.dataset.theme = '${theme}'; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`
          for (const { id, nodes } of await answered(path, page.evaluate<Violation[]>(run)))
            found.push(`${path} ${theme}: ${id} ${nodes[0]?.html.slice(0, 200)}`)
        }
      }
      await page.close()
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    expect(pages.length).toBeGreaterThan(80)
    expect(found).toEqual([])
  })

  test('no request leaves the origin, no page has an error, and none is wider than a phone', async () => {
    const page = await browser.newPage()
    const elsewhere: string[] = []
    const errors: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(site.origin) && !request.url().startsWith('data:')) elsewhere.push(request.url())
    })
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && errors.push(`${page.url()}: ${message.text()}`))
    const hand = pages.filter((path) => !path.includes('/reference/api/'))
    const tooWide: string[] = []
    for (const path of hand) {
      await page.goto(site.origin + path)
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > width)
          tooWide.push(`${path} ${width}`)
      }
    }
    expect({ elsewhere, errors, tooWide }).toEqual({ elsewhere: [], errors: [], tooWide: [] })
    await page.close()
  }, 300_000)

  test('the playground page has at most 40 KB of JavaScript besides search', async () => {
    const page = await browser.newPage()
    const scripts: string[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script' && !/Search|ui-core|pagefind/.test(response.url()))
        scripts.push(response.url())
    })
    await page.goto(`${site.origin}/playground/`, { waitUntil: 'networkidle' })
    const html = await page.content()
    const inline = [...html.matchAll(/<script\b[^>]*>([^]*?)<\/script>/g)].map(([, code = '']) => code).join('\n')
    const sizes = await Promise.all(scripts.map(async (url) => gzipSync(await (await fetch(url)).bytes()).length))
    const total = sizes.reduce((sum, size) => sum + size, gzipSync(inline).length)
    expect(scripts.length).toBeGreaterThan(0)
    expect(total).toBeLessThan(40 * 1024)
    process.stderr.write(`playground: ${total} bytes of JavaScript, gzip\n`)
    await page.close()
  })

  describe('without JavaScript', () => {
    test.each([
      ['/playground/', ['leap 0, version 4, mode 4 (server)', 'transmit 2026', 'RFC 5905 §8']],
      ['/es/playground/exchange/', ['tu reloj atrasa', '45 ms']],
      ['/playground/majority/', ['Believed and averaged', 'falsetickers']],
      [
        '/lessons/socket-03/',
        ['SYN, ACK', 'connection refused (ECONNREFUSED)', 'plainwire get URL --stop-after connect'],
      ],
      ['/es/', ['Mira lo que pasa por el cable', 'stratum 2']],
    ])('%s reads whole', async (path, words) => {
      const context = await browser.newContext({ javaScriptEnabled: false })
      const page = await context.newPage()
      await page.goto(site.origin + path)
      const text = (await page.textContent('main')) ?? ''
      for (const word of words) expect(text).toContain(word)
      await context.close()
    })
  })

  test('works offline after the first load', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${site.origin}/lessons/basics-04/`)
    await answered('the service worker', page.evaluate('navigator.serviceWorker.ready.then(() => true)'))
    await page.waitForFunction(
      `caches.match('/playground/').then((page) => page && caches.match('/lessons/basics-04/')).then(Boolean)`,
    )
    await page.waitForFunction('navigator.serviceWorker.controller !== null') // ready is not yet in charge
    await context.setOffline(true)
    await page.reload()
    expect(await page.textContent('h1')).toContain('The time from an NTP server')
    for (const path of ['/playground/', '/es/playground/']) {
      await page.goto(site.origin + path)
      await page.waitForSelector('wire-dissector[data-ready]')
      await page.selectOption('select[name=sample]', 'http-chunked')
      expect(await page.textContent('[data-pane=parts]')).toContain('chunk of 12 bytes')
    }
    await context.close()
  })

  describe('the playground', () => {
    test('is used by keyboard alone: choose a sample, walk the fields, change one, see the bytes', async () => {
      const page = await playground()
      const keyTo = async (selector: string): Promise<void> => {
        for (let tries = 0; tries < 120; tries++) {
          if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return
          await page.keyboard.press('Tab')
        }
        throw new Error(`Tab never came to ${selector}`)
      }
      await keyTo('select[name=sample]')
      await page.keyboard.press('ArrowDown') // a client's request
      expect(await page.textContent('[data-pane=parts]')).toContain('mode 3 (client)')
      await keyTo('.bytes button')
      await page.keyboard.press('ArrowRight')
      expect(await page.textContent('[aria-selected=true]')).toContain('stratum 0')
      await keyTo('[role=listbox]')
      await page.keyboard.press('End')
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      expect(await page.getAttribute('[role=listbox]', 'aria-activedescendant')).toBe('part-1')
      await page.keyboard.press('Enter')
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type('2')
      await page.keyboard.press('Enter')
      expect(await page.inputValue('textarea')).toMatch(/^23 02 00 00/)
      expect(await page.textContent('[data-pane=parts]')).toContain('stratum 2')
      await page.close()
    })

    test('links both panes under the pointer, and points at the byte at fault', async () => {
      const page = await playground()
      await page.hover('[role=option][data-part="6"]')
      expect(await page.textContent('.bytes button.pointed')).toBe('c0 a8 01 0a')
      await page.selectOption('select[name=sample]', 'http-bad-chunk')
      expect(await page.textContent('.refusal')).toContain('RFC 9112 §7.1')
      expect(await page.textContent('.codes .fault')).toBe('78')
      await page.close()
    })

    test('opens what a link brings, and gives a link to what is there', async () => {
      const page = await playground('/es/playground/#request=R0VUIC8gSFRUUC8xLjENCkhvc3Q6IGENCg0K')
      expect(await page.textContent('[data-pane=parts]')).toContain('request line "GET /"')
      await page.fill('textarea', 'GET /b HTTP/1.0\n\n')
      await page.click('[data-copy]')
      expect(page.url()).toMatch(/#request=R0VUIC9i/)
      await page.close()
    })

    test('takes a file, whatever is in it', async () => {
      const page = await playground()
      const buffer = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')
      await page.setInputFiles('input[type=file]', { name: 'x.bin', mimeType: 'application/octet-stream', buffer })
      await page.waitForFunction(`document.querySelector('[data-pane=parts]').textContent.includes('204 No Content')`)
      await page.close()
    })

    test('steps through a message in reads of a chosen size', async () => {
      const page = await playground()
      await page.selectOption('select[name=sample]', 'http-chunked')
      await page.fill('input[name=per-read]', '10')
      await page.fill('input[name=reads]', '1')
      expect(await page.textContent('[data-out=waiting]')).toBe('the rest of the head')
      await page.fill('input[name=reads]', '64')
      expect(await page.textContent('[data-out=events]')).toContain('end: Expires')
      await page.close()
    })

    test('shows 64 KiB in 300 ms', async () => {
      const page = await playground()
      const body = 'x'.repeat(65_536 - 64)
      const message = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      const took: number[] = []
      for (let round = 0; round < 5; round++) {
        took.push(
          Number(
            await page.evaluate(
              `(() => { const began = performance.now(); document.querySelector('wire-dissector').show(new TextEncoder().encode(${JSON.stringify(message)}), 'response'); document.body.offsetHeight; return performance.now() - began })()`,
            ),
          ),
        )
      }
      process.stderr.write(`64 KiB drawn in ${took.map(Math.round).join(', ')} ms\n`)
      expect(await page.textContent('[data-pane=parts]')).toContain('content, 65472 bytes')
      // The best of five: the machine has other things to do.
      expect(Math.min(...took)).toBeLessThan(300)
      await page.close()
    })
  })

  test('the four timestamps move by key and by pointer', async () => {
    const page = await open('/playground/exchange/')
    await page.waitForSelector('ntp-exchange[data-ready]')
    await page.focus('input[name=t4]')
    await page.keyboard.press('ArrowRight')
    expect(await page.textContent('[data-out=verdict]')).toContain('61 ms')
    const point = await page.locator('[data-time=t2] .point').boundingBox()
    if (point === null) throw new Error('no point')
    await page.mouse.move(point.x + 4, point.y + 4)
    await page.mouse.down()
    await page.mouse.move(point.x + 400, point.y)
    await page.mouse.up()
    expect(await page.textContent('[data-out=verdict]')).toContain('server-clock-backwards')
    await page.close()
  })

  test('a server that is dragged away becomes a falseticker', async () => {
    const page = await open('/es/playground/majority/')
    await page.waitForSelector('ntp-majority[data-ready]')
    await page.selectOption('select[name=scene]', 'honest')
    await page.fill('input[name=offset-A]', '90')
    expect(await page.getAttribute('[data-server=A]', 'class')).toBe('falseticker')
    expect(page.url()).toContain('#s=90,14')
    await page.close()
  })
})
