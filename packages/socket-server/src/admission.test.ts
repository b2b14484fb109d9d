import { describe, expect, test, vi } from 'vitest'
import { Admission, prefix64 } from './admission.ts'

describe('the network of 64 bits that an address is in', () => {
  test.each([
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:1::', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::2:3:4:5:6', '1:0:0:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.1', undefined],
    ['::ffff:c000:201', undefined],
    ['192.0.2.1', undefined],
    ['/run/socket', undefined],
    [undefined, undefined],
  ])('%s: %s', (host, prefix) => expect(prefix64(host)).toBe(prefix))
})

test('counts addresses of IPv6 alone and by network, and forgets them when they leave', () => {
  const admission = new Admission({ perAddress: 2, perPrefix64: 3 })
  expect(admission.asksAddress).toBe(true)
  const come = (host: string): unknown => admission.admit(host)
  expect([come('2001:db8::1'), come('2001:db8::1'), come('2001:db8::1')]).toEqual([undefined, undefined, 'limit'])
  expect([come('2001:db8::2'), come('2001:db8::3')]).toEqual([undefined, 'limit'])
  expect(come('2001:db8:0:1::1')).toBeUndefined()
  admission.leave('2001:db8::1')
  expect(come('2001:db8::3')).toBeUndefined()
  for (const host of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1']) admission.leave(host)
  expect(admission.addresses).toBe(0)
})

test('the limit of an address is that of its network, unless told otherwise', () => {
  const admission = new Admission({ perAddress: 1 })
  expect(admission.admit('2001:db8::1')).toBeUndefined()
  expect(admission.admit('2001:db8::2')).toBe('limit')
  expect(admission.admit('192.0.2.1')).toBeUndefined()
  expect(admission.admit('192.0.2.2')).toBeUndefined()
})

test('perSecond is a bucket that fills as time goes by, to a second’s worth', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const admission = new Admission({ perSecond: 10 })
    expect(admission.asksAddress).toBe(false)
    const burst = (): number => Array.from({ length: 30 }, () => admission.admit(undefined)).filter((no) => !no).length
    expect(burst()).toBe(10)
    vi.advanceTimersByTime(250)
    expect(burst()).toBe(2)
    vi.advanceTimersByTime(50)
    expect(burst()).toBe(1)
    vi.advanceTimersByTime(60_000)
    expect(burst()).toBe(10)
  } finally {
    vi.useRealTimers()
  }
})

test('less than one a second is a rate, too', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const admission = new Admission({ perSecond: 0.5 })
    expect(admission.admit(undefined)).toBeUndefined()
    vi.advanceTimersByTime(1999)
    expect(admission.admit(undefined)).toBe('limit')
    vi.advanceTimersByTime(1)
    expect(admission.admit(undefined)).toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
})

test('a Unix socket’s client has no address: lists know it as unix', () => {
  expect(new Admission({ allow: ['10.0.0.0/8'] }).admit(undefined)).toBe('denied')
  expect(new Admission({ allow: ['unix'] }).admit(undefined)).toBeUndefined()
  expect(new Admission({ deny: ['unix'] }).admit(undefined)).toBe('denied')
  expect(new Admission({ perAddress: 1 }).admit(undefined)).toBeUndefined()
})
