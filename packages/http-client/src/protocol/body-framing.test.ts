import { describe, expect, test } from 'vitest'
import { remainingCodings, requestFraming, responseFraming } from './body-framing.ts'
import { HeaderList, type HeaderLine } from './headers.ts'

const headers = (...lines: HeaderLine[]): HeaderList => new HeaderList(lines)

describe('framing of heads that were not received', () => {
  test('is the same as of those that were', () => {
    const chunked = headers(['Transfer-Encoding', 'gzip, chunked'])
    expect(responseFraming({ version: '1.1', statusCode: 200, headers: chunked }, 'GET')).toEqual({ kind: 'chunked' })
    expect(responseFraming({ version: '1.1', statusCode: 200, headers: chunked }, 'HEAD')).toEqual({ kind: 'none' })
    expect(requestFraming({ version: '1.1', headers: headers(['content-length', '12']) })).toEqual({
      kind: 'length',
      length: 12,
    })
    expect(responseFraming({ version: '1.0', statusCode: 200, headers: headers() }, 'GET')).toEqual({ kind: 'close' })
  })

  test('a fault in them has no place but the beginning', () => {
    const two = headers(['Content-Length', '1'], ['A', 'b'], ['Content-Length', '1'])
    expect(() => requestFraming({ version: '1.1', headers: two })).toThrow(
      expect.objectContaining({ code: 'http/bad-content-length', offset: 0, line: 1, clause: 'RFC 9112 §6.3' }),
    )
  })

  test.each([
    [['gzip, chunked'], ['gzip']],
    [['gzip', 'Chunked'], ['gzip']],
    [['chunked'], []],
    [['gzip,, br'], ['gzip', 'br']],
    [[], []],
  ])('the codings left on the content by %j are %j', (values, left) => {
    expect(remainingCodings(headers(...values.map((value): HeaderLine => ['transfer-encoding', value])))).toEqual(left)
  })
})
