import { describe, expect, test } from 'vitest'
import { MessageBody } from './message-body.ts'
import { HeaderList } from './protocol/headers.ts'
import { latin1Bytes } from './protocol/latin1.ts'

const headersOf = (contentType?: string): HeaderList =>
  new HeaderList(contentType === undefined ? [] : [['Content-Type', contentType]])

function bodyOf(contentType: string | undefined, ...pieces: string[]): MessageBody {
  const waiting = pieces.map(latin1Bytes)
  return new MessageBody({ next: () => Promise.resolve(waiting.shift()), close() {} }, headersOf(contentType))
}

describe('a body', () => {
  test('bytes of all pieces, in order', async () => {
    expect([...(await bodyOf(undefined, 'ab', '', 'c').bytes())]).toEqual([0x61, 0x62, 0x63])
  })

  test.each([
    ['text/plain; charset=ISO-8859-1', '\xe9', '\u00e9'],
    ['text/plain;charset="utf-16le"', 'a\0', 'a'],
    ['text/html; a=b; Charset=utf-8', '\xc3\xa9', '\u00e9'],
    ['text/html; charset=nosuch', '\xc3\xa9', '\u00e9'],
    [undefined, '\xc3\xa9', '\u00e9'],
    ['application/xcharset=latin1', '\xc3\xa9', '\u00e9'],
  ])('text of %j', async (contentType, wire, text) => {
    expect(await bodyOf(contentType, wire).text()).toBe(text)
  })

  test('a character cut by the network', async () => {
    expect(await bodyOf(undefined, '\xe2\x82', '\xac').text()).toBe('\u20ac')
  })

  test('JSON, and what is none', async () => {
    expect(await bodyOf('text/plain; charset=latin1', '{"a":"\xc3\xa9"}').json()).toEqual({ a: '\u00e9' })
    await expect(bodyOf(undefined, '<html>').json()).rejects.toThrow(new SyntaxError('the body is no JSON: "<html>"'))
  })

  test('can be read once', async () => {
    const body = bodyOf(undefined, 'a')
    await body.text()
    await expect(body.bytes()).rejects.toThrow(TypeError)
  })

  test.each(['at the end', 'left early', 'after an error'])('closes its source: %s', async (how) => {
    let closed = 0
    const source = {
      next: () => (how === 'after an error' ? Promise.reject(new Error('broken')) : Promise.resolve(pieces.shift())),
      close: () => void closed++,
    }
    const pieces = [latin1Bytes('a')]
    try {
      for await (const _ of new MessageBody(source, headersOf())) if (how === 'left early') break
    } catch {
      expect(how).toBe('after an error')
    }
    expect(closed).toBe(1)
  })
})
