// Our request parser and encoder behind real clients: nginx as a proxy, wrk, Chromium. (curl has a file of its own.)

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConnectionPool, get, request } from '@plainwire/http-client'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { listenHttp } from '../loopback.ts'

describeWithPeer('nginx', 'nginx as a proxy in front of our origin', (program) => {
  test.each(['1.0', '1.1'])('which it asks in HTTP/%s', async (version) => {
    using directory = temporaryDirectory()
    const { path } = directory
    const port = await unusedPort()
    const seen = new Set<string>()
    await using origin = await listenHttp(async ({ method, requestTarget, version, body }) => {
      seen.add(version)
      return { headers: { 'X-Origin': 'ours' }, body: `${method} ${requestTarget} ${(await body.bytes()).length}` }
    })
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${path}/${name};`,
    )
    writeFileSync(
      join(path, 'nginx.conf'),
      `daemon off; master_process off; pid ${path}/pid; error_log stderr;
       events { worker_connections 64; }
       http { access_log off; ${temporary.join(' ')}
         upstream origin { server 127.0.0.1:${origin.port}; keepalive 4; }
         server { listen 127.0.0.1:${port};
           location / { proxy_pass http://origin; proxy_http_version ${version}; proxy_set_header Connection ""; } } }`,
    )
    await using _ = startPeer(program, ['-e', 'stderr', '-p', path, '-c', join(path, 'nginx.conf')])
    await waitForPort({ host: '127.0.0.1', port })
    await using pool = new ConnectionPool()
    for (let count = 0; count < 20; count++) {
      const response = await get(`http://127.0.0.1:${port}/${count}`, { pool })
      expect(await response.text()).toBe(`GET /${count} 0`)
      expect(response.headers.get('x-origin')).toBe('ours')
    }
    const body = new Blob([new Uint8Array(500_000)]).stream()
    const posted = await request(`http://127.0.0.1:${port}/p`, { pool, method: 'POST', body })
    expect(await posted.text()).toBe('POST /p 500000')
    expect([...seen]).toEqual([version])
  })
})

describeWithPeer('wrk', 'wrk', (wrk) => {
  test('finds nothing wrong with the answers', async () => {
    await using origin = await listenHttp(
      { headers: { 'Content-Type': 'text/plain' }, body: 'hello, world\n' },
      {},
      () => {},
    )
    await using peer = startPeer(wrk, ['--threads', '1', '--connections', '16', '--duration', '1s', origin.url])
    expect(await peer.exited).toBe(0)
    const requests = Number(/([0-9]+) requests in/.exec(peer.output())?.[1])
    expect(requests).toBeGreaterThan(16)
    expect(peer.output()).not.toMatch(/Socket errors|Non-2xx/)
  })
})

describeWithPeer('chromium', 'Chromium', (chromium) => {
  test('shows a page, and runs its script, which fetches and posts', { timeout: 60_000 }, async () => {
    using profile = temporaryDirectory()
    const page = `<!doctype html><title>plainwire</title><p id=out>waiting</p><script>
      const post = { method: 'POST', body: 'caf\u00e9' }
      Promise.all([fetch('/a').then((r) => r.text()), fetch('/b', post).then((r) => r.text())])
        .then((texts) => { document.getElementById('out').textContent = texts.join(' and ') })
    </script>`
    await using origin = await listenHttp(
      async ({ method, requestTarget, body }) => {
        if (requestTarget === '/') return { headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: page }
        return {
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: `${method} ${requestTarget} ${await body.text()}`,
        }
      },
      {},
      () => {},
    )
    await using peer = startPeer(chromium, [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-proxy-server',
      '--disable-background-networking',
      `--user-data-dir=${profile.path}`,
      '--virtual-time-budget=5000',
      '--dump-dom',
      origin.url,
    ])
    await peer.exited
    expect(peer.output()).toContain('<p id="out">GET /a  and POST /b caf\u00e9</p>')
  })
})
