import { describe, expect, test } from 'vitest'
import { formatReferenceId, parseReferenceId } from './reference-id.ts'

describe('reference id, RFC 5905 §7.3', () => {
  test.each([
    [0x47505300, 1, 'GPS'],
    [0x4c4f434c, 1, 'LOCL'],
    [0x52415445, 0, 'RATE'],
    [0x7f7f0101, 1, '127.127.1.1'], // what chronyd says with `local stratum 1`
    [0x7f000001, 2, '127.0.0.1'],
    [0xc6336407, 15, '198.51.100.7'],
    [0x47505300, 2, '71.80.83.0'], // no name from stratum 2 on
    [0x4c4f434c, 16, '76.79.67.76'],
    [0x00000000, 0, ''],
    [0x00000000, 1, '0.0.0.0'],
    [0x47005053, 1, '71.0.80.83'], // a zero inside a name
    [0x1b5b324a, 1, '27.91.50.74'], // would clear a terminal
    [0x7f414243, 0, '127.65.66.67'],
  ])('%i at stratum %i is %s', (referenceId, stratum, text) => {
    expect(formatReferenceId(referenceId, stratum)).toBe(text)
  })

  test.each([
    ['GPS', 0x47505300],
    ['A', 0x41000000],
    ['LOCL', 0x4c4f434c],
    ['198.51.100.7', 0xc6336407],
    ['1.23', 0x312e3233],
  ])('%s parses', (text, referenceId) => {
    expect(parseReferenceId(text)).toBe(referenceId)
  })

  test.each(['', 'GALIL', 'Zürich', 'é', 'G\u0000', '1.2.3.256', '1.2.3.4.5', '2001:db8::1'])('%j is none', (text) => {
    expect(() => parseReferenceId(text)).toThrow(TypeError)
    expect(() => parseReferenceId(text)).toThrow(JSON.stringify(text))
  })
})
