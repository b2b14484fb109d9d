import { describe, expect, test } from 'vitest'
import { planAgain } from './recent-plans.ts'
import type { RequestMessage, Route } from './request-plan.ts'

const URL_ASKED = 'http://host.example/path?query'
const ROUTE: Route = { persistent: false, proxy: undefined, acceptEncoding: undefined }

describe('a plan made before', () => {
  test('is the plan of the same URL, for the same kind of connection', () => {
    const first = planAgain(URL_ASKED, {}, ROUTE)
    expect(first?.head).toBe('GET /path?query HTTP/1.0\r\nHost: host.example\r\nConnection: close\r\n\r\n')
    expect(planAgain(URL_ASKED, { method: 'GET' }, ROUTE)).toBe(first)
    const pooled = planAgain(URL_ASKED, {}, { ...ROUTE, persistent: true })
    expect(pooled?.head).toBe('GET /path?query HTTP/1.1\r\nHost: host.example\r\n\r\n')
    expect(planAgain(URL_ASKED, {}, { ...ROUTE, persistent: true })).toBe(pooled)
    expect(planAgain(`${URL_ASKED}2`, {}, ROUTE)?.head).toMatch(/^GET \/path\?query2 /)
  })

  test.each<[string, RequestMessage, Partial<Route>]>([
    ['another method', { method: 'HEAD' }, {}],
    ['a header', { headers: [] }, {}],
    ['a body', { body: '' }, {}],
    ['a version', { version: '1.1' }, {}],
    ['credentials', { credentials: { username: 'a', password: 'b' } }, {}],
    ['a target', { requestTarget: '*' }, {}],
    ['an expectation', { expectContinue: true }, {}],
    ['a proxy', {}, { proxy: new URL('http://proxy.example/') }],
    ['codings', {}, { acceptEncoding: 'gzip' }],
    ['a tunnel', {}, { tunnel: true }],
  ])('is not that of a request with %s', (_what, message, route) => {
    planAgain(URL_ASKED, {}, ROUTE)
    expect(planAgain(URL_ASKED, message, { ...ROUTE, ...route })).toBeUndefined()
  })

  test('is not kept where the URL has a password in it', () => {
    const secret = 'http://me:secret@host.example/'
    const first = planAgain(secret, {}, ROUTE)
    expect(first?.head).toContain('Authorization: Basic ')
    expect(planAgain(secret, {}, ROUTE)).not.toBe(first)
  })

  test('gives way to others: neither many URLs nor long ones are gathered', () => {
    const first = planAgain('http://host.example/first', {}, ROUTE)
    for (let n = 0; n < 64; n++) planAgain(`http://host.example/${n}`, {}, ROUTE)
    expect(planAgain('http://host.example/first', {}, ROUTE)).not.toBe(first)
    const long = `http://host.example/${'x'.repeat(2048)}`
    expect(planAgain(long, {}, ROUTE)).not.toBe(planAgain(long, {}, ROUTE))
  })

  test('is none where the URL is an object, which may have changed, or a wrong one', () => {
    expect(planAgain(new URL(URL_ASKED), {}, ROUTE)).toBeUndefined()
    for (let n = 0; n < 2; n++) expect(() => planAgain('nonsense', {}, ROUTE)).toThrow(TypeError)
  })
})
