import { Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { NetworkError, ProtocolError } from '@plainwire/socket-utils'
import { afterRequest, listen, listenHttp, type Loopback } from '../test/loopback.ts'
import type { OriginRequest } from './origin.ts'
import { request, type RequestOptions } from './client.ts'
import { ConnectionPool } from './connection-pool.ts'

interface Seen {
  readonly line: string
  readonly headers: readonly string[]
  readonly body: string
}

/** `/STATUS/LOCATION` redirects there; anything else answers with its path. */
async function redirecting(seen: Seen[]): Promise<Loopback> {
  return listenHttp(async ({ method, requestTarget, headers, body }: OriginRequest) => {
    seen.push({
      line: `${method} ${requestTarget}`,
      headers: [...headers].map(([name]) => name),
      body: await body.text(),
    })
    const [, status, location] = /^\/(3[0-9]{2})\/(.*)$/.exec(requestTarget) ?? []
    if (status === undefined || location === undefined) return { body: requestTarget }
    return { statusCode: Number(status), headers: { Location: decodeURIComponent(location) }, body: 'elsewhere' }
  })
}

async function followed(
  path: string,
  options: RequestOptions = {},
): Promise<{ seen: Seen[]; text: string; hops: number }> {
  const seen: Seen[] = []
  await using server = await redirecting(seen)
  const response = await request(`${server.url}${path}`, { maxRedirects: 5, ...options })
  return { seen, text: await response.text(), hops: response.redirects.length }
}

describe('where a redirect leads', () => {
  test.each([
    ['301/%2Fa', '/a'],
    ['303/..%2Fd', '/d'],
    ['307/%2Fe%23fragment', '/e'],
    ['308/%2F%2FHOST%2Ff', '/f'],
    ['301/%2F302%2F%252Fg', '/g'],
    ['301/%2Fcaf%C3%83%C2%A9', '/caf%C3%A9'],
  ])('%s', async (path, target) => {
    const seen: Seen[] = []
    await using server = await redirecting(seen)
    const response = await request(server.url + path.replace('HOST', `127.0.0.1:${server.port}`), { maxRedirects: 3 })
    expect(await response.text()).toBe(target)
    expect(response.url).toBe(new URL(target, server.url).href)
    expect(response.redirects[0]).toMatchObject({ statusCode: Number(path.slice(0, 3)) })
    expect(response.redirects[0]?.url).toBe(server.url + path.replace('HOST', `127.0.0.1:${server.port}`))
  })

  test.each(['300/%2Fa', '304/%2Fa', '305/%2Fa', '306/%2Fa', '399/%2Fa'])(
    '%s is a response like any other',
    async (path) => {
      expect((await followed(path)).hops).toBe(0)
    },
  )

  test('without a Location, too', async () => {
    await using server = await listenHttp({ statusCode: 302, body: 'where?' })
    expect(await (await request(server.url, { maxRedirects: 1 })).text()).toBe('where?')
  })
})

describe('what is sent there, RFC 9110 §15.4', () => {
  const post = { method: 'POST', body: 'abc', headers: { 'Content-Type': 'text/plain', 'X-A': 'b' } }

  test.each([301, 302, 303])('%i: a POST becomes a GET without its body and what was said of it', async (status) => {
    const { seen } = await followed(`${status}/%2Fa`, post)
    expect(seen[1]).toEqual({ line: 'GET /a', headers: ['Host', 'X-A', 'Connection'], body: '' })
  })

  test.each([307, 308])('%i: the same again', async (status) => {
    const { seen } = await followed(`${status}/%2Fa`, post)
    expect(seen[1]).toMatchObject({ line: 'POST /a', body: 'abc' })
    expect(seen[1]?.headers).toContain('Content-Type')
  })

  test.each([
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'HEAD', 'HEAD'],
  ])('%i: %s becomes %s', async (status, before, after) => {
    const { seen } = await followed(`${status}/%2Fa`, { method: before })
    expect(seen[1]?.line).toBe(`${after} /a`)
  })

  test('secrets stay with their origin', async () => {
    const here: Seen[] = []
    const there: Seen[] = []
    await using server = await redirecting(here)
    await using other = await redirecting(there)
    const headers = { Cookie: 'a', authorization: 'b', 'Proxy-Authorization': 'c', Host: 'named', 'X-A': 'd' }
    for (const target of [`${other.url}a`, '/a']) {
      const url = `${server.url}302/${encodeURIComponent(target)}`
      await (await request(url, { maxRedirects: 1, headers })).text()
    }
    expect(there[0]?.headers).toEqual(['Host', 'X-A', 'Connection'])
    expect(here[2]?.headers).toEqual(['Cookie', 'authorization', 'Proxy-Authorization', 'Host', 'X-A', 'Connection'])
  })

  test('so do credentials, whether from the option or the URL', async () => {
    const here: Seen[] = []
    const there: Seen[] = []
    await using server = await redirecting(here)
    await using other = await redirecting(there)
    const path = `302/${encodeURIComponent(`${other.url}a`)}`
    await (
      await request(`${server.url}${path}`, { maxRedirects: 1, credentials: { username: 'a', password: 'b' } })
    ).text()
    await (await request(`http://a:b@127.0.0.1:${server.port}/${path}`, { maxRedirects: 1 })).text()
    expect(here.map(({ headers }) => headers.includes('Authorization'))).toEqual([true, true])
    expect(there.map(({ headers }) => headers.includes('Authorization'))).toEqual([false, false])
  })

  test('a streamed body cannot be sent again, but need not where it is dropped', async () => {
    const body = (): AsyncIterable<Uint8Array> => new Blob(['abc']).stream()
    const options = { version: '1.1', method: 'POST' } as const
    await expect(followed('307/%2Fa', { ...options, body: body() })).rejects.toMatchObject({ code: 'unsupported' })
    expect((await followed('303/%2Fa', { ...options, body: body() })).text).toBe('/a')
  })
})

describe('where it ends', () => {
  test('one more than allowed', async () => {
    const error = await followed('301/%2F302%2F%252F303%252F%25252Fa', { maxRedirects: 2 }).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({
      code: 'http/too-many-redirects',
      message: expect.stringMatching(/more than 2 redirects$/),
    })
  })

  test.each(['ftp%3A%2F%2Fa%2F', 'http%3A%2F%2Fa%3A0%2F', 'http%3A%2F%2F%5B', 'javascript%3A1'])(
    '%s',
    async (location) => {
      await expect(followed(`302/${location}`)).rejects.toMatchObject({ code: 'http/bad-redirect' })
    },
  )

  test('with its descriptor released by the time that it rejects', async () => {
    const connecting = vi.spyOn(Socket.prototype, 'connect')
    await using server = await listen(
      afterRequest((socket) => socket.write('HTTP/1.1 302 Found\r\nLocation: ftp://a/\r\nContent-Length: 9\r\n\r\n')),
    )
    const closed = await request(server.url, { maxRedirects: 1 }).catch(() =>
      (connecting.mock.contexts as Socket[]).map(({ closed }) => closed),
    )
    expect(closed).toEqual([true])
    connecting.mockRestore()
  })

  test('nothing is left open, and one deadline is for all', async () => {
    const seen: Seen[] = []
    await using server = await redirecting(seen)
    const reason = new Error('enough')
    const controller = new AbortController()
    const onStep = (): void => {
      if (seen.length === 2) controller.abort(reason)
    }
    const path = `302/${encodeURIComponent('/302/%2Fb')}`
    await expect(request(server.url + path, { maxRedirects: 9, signal: controller.signal, onStep })).rejects.toBe(
      reason,
    )
    await server.idle()
  })

  test.each(['GET', 'HEAD'])('a signal that outlives a %s keeps nothing of it', async (method) => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    await using server = await redirecting([])
    await (await request(`${server.url}302/%2Fa`, { method, maxRedirects: 1, signal })).text()
    const listeners = (spy: typeof added): Set<unknown> => new Set(spy.mock.calls.map(([, listener]) => listener))
    expect(listeners(added).size).toBeGreaterThan(0)
    expect(listeners(removed)).toEqual(listeners(added))
  })

  test('with a pool, on the same connection', async () => {
    const seen: Seen[] = []
    await using server = await redirecting(seen)
    await using pool = new ConnectionPool()
    const response = await request(`${server.url}302/%2Fa`, { pool, maxRedirects: 1 })
    expect([await response.text(), response.exchange.reused]).toEqual(['/a', true])
  })

  test('an error is not one of the caller’s', async () => {
    await expect(followed(`302/${encodeURIComponent('http://127.0.0.1:1/')}`)).rejects.toBeInstanceOf(NetworkError)
  })
})
