import { describe, expect, test } from 'vitest'
import { HeaderList } from './headers.ts'

describe('a list of header lines', () => {
  const headers = new HeaderList([
    ['Via', '1.0 a'],
    ['Set-Cookie', 'a=1'],
    ['VIA', '1.1 b'],
    ['__proto__', 'x'],
    ['Empty', ''],
  ])

  test('iterates in wire order, with case and duplicates', () => {
    expect([...headers].map(([name, value]) => `${name}=${value}`)).toEqual([
      'Via=1.0 a',
      'Set-Cookie=a=1',
      'VIA=1.1 b',
      '__proto__=x',
      'Empty=',
    ])
  })

  test('looks names up in any case, and joins their lines as RFC 9110 §5.2 does', () => {
    expect(headers.get('via')).toBe('1.0 a, 1.1 b')
    expect(headers.getAll('vIa')).toEqual(['1.0 a', '1.1 b'])
    expect(headers.has('SET-COOKIE')).toBe(true)
  })

  test('tells an empty value from none', () => {
    expect(headers.get('empty')).toBe('')
    expect(headers.get('absent')).toBeUndefined()
    expect(headers.getAll('absent')).toEqual([])
    expect(headers.has('absent')).toBe(false)
  })

  test('a name that objects know too is a name like any other', () => {
    expect(headers.get('__proto__')).toBe('x')
    expect(headers.get('constructor')).toBeUndefined()
  })

  test('does not change with the array it was made from', () => {
    const lines: [string, string][] = [['A', 'b']]
    const list = new HeaderList(lines)
    lines.push(['C', 'd'])
    expect([...list]).toEqual([['A', 'b']])
  })
})
