import { ProtocolError } from '@plainwire/socket-utils/errors'
import { expect, test } from 'vitest'
import { isKissOfDeath, kissOfDeath, reworded } from './kiss-of-death.ts'

const kiss = kissOfDeath({ kissCode: 'RSTR', poll: 7 }, 'no')

test('a kiss is a ProtocolError of one code, with the letters and the interval beside it', () => {
  expect(kiss).toBeInstanceOf(ProtocolError)
  expect(kiss).toMatchObject({ code: 'ntp/kiss-of-death', kissCode: 'RSTR', poll: 7, message: 'no' })
  expect(isKissOfDeath(kiss)).toBe(true)
})

test.each([
  new ProtocolError('ntp/unsynchronized', 'x'),
  new ProtocolError('ntp/kiss-of-death', 'without letters'),
  { code: 'ntp/kiss-of-death', kissCode: 'RATE' },
  undefined,
])('%o is none', (error) => {
  expect(isKissOfDeath(error)).toBe(false)
})

test('in other words it is the same kiss, and any other fault the same fault; the first words are the cause', () => {
  const again = reworded(kiss, 'query a: no')
  expect(again).toMatchObject({
    code: 'ntp/kiss-of-death',
    kissCode: 'RSTR',
    poll: 7,
    message: 'query a: no',
    cause: kiss,
  })
  const other = reworded(new ProtocolError('ntp/unsynchronized', 'x'), 'y', 'because')
  expect(other).toMatchObject({ code: 'ntp/unsynchronized', message: 'y', cause: 'because' })
  expect(other).not.toHaveProperty('kissCode')
})
