import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'
import os, { hostname } from 'node:os'
import { join } from 'node:path'
import { findProgram, temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { localHostname, qualifiedHostname } from './local-host.ts'
import { resolveHost, reverseHost } from './names.ts'
import { NetworkError } from './protocol/errors.ts'

test('localHostname is the system’s', () => {
  expect(localHostname()).toBe(hostname())
})

describe('resolveHost', () => {
  test('looks localhost up on this machine', async () => {
    expect(await resolveHost('localhost', { family: 4 })).toEqual([{ address: '127.0.0.1', family: 4 }])
    for (const { address } of await resolveHost('localhost')) expect(['127.0.0.1', '::1']).toContain(address)
  })

  test('an address is itself, without a look-up', async () => {
    expect(await resolveHost('192.0.2.7')).toEqual([{ address: '192.0.2.7', family: 4 }])
    expect(await resolveHost('2001:db8::7', { family: 6 })).toEqual([{ address: '2001:db8::7', family: 6 }])
  })

  test.each([
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::FFFF:7F00:1', '::ffff:127.0.0.1'],
    ['fe80:0::1%eth0', 'fe80::1%eth0'],
  ])('an IPv6 address is given in its shortest form: %s', async (written, address) => {
    expect(await resolveHost(written)).toEqual([{ address, family: 6 }])
  })

  test.each([
    ['::1', 4, 'look up "::1": an IPv6 address, not IPv4'],
    ['::ffff:127.0.0.1', 4, 'look up "::ffff:127.0.0.1": an IPv6 address, not IPv4'],
    ['127.0.0.1', 6, 'look up "127.0.0.1": an IPv4 address, not IPv6'],
  ] as const)('%s has no address of family %i', async (host, family, message) => {
    await expect(resolveHost(host, { family })).rejects.toThrow(new NetworkError('lookup-failed', message))
  })

  test('a name that cannot exist (RFC 6761 §6.4) is lookup-failed, with the system’s error as cause', async () => {
    const error = await resolveHost('nosuch.invalid').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: 'lookup-failed', cause: { syscall: 'getaddrinfo' } })
    expect(String(error)).toMatch(/^NetworkError: look up "nosuch.invalid": /)
  })

  test('127.1 is an address nowhere', async () => {
    for (const call of [
      () => resolveHost('127.1'),
      () => resolveHost('127.1', { family: 4 }),
      () => connect({ host: '127.1', port: 9 }),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'NetworkError', code: 'lookup-failed' })
    }
    await expect(reverseHost('127.1')).rejects.toThrow(TypeError)
  })

  test('the caller’s mistakes', async () => {
    await expect(resolveHost('')).rejects.toThrow(new TypeError('host must not be empty'))
    await expect(resolveHost('localhost', { family: 5 as 4 })).rejects.toThrow(
      new RangeError('family must be 4 or 6, got 5'),
    )
    await expect(resolveHost('localhost', { timeoutMs: 0 })).rejects.toThrow(RangeError)
    await expect(resolveHost('localhost', { signal: AbortSignal.abort('mine') })).rejects.toBe('mine')
  })
})

describe('reverseHost', () => {
  test('gives the system’s name for 127.0.0.1', async () => {
    expect(await reverseHost('127.0.0.1')).toEqual({ name: 'localhost', address: '127.0.0.1', family: 4 })
  })

  test('an address without a name is lookup-failed', async () => {
    await expect(reverseHost('192.0.2.1')).rejects.toMatchObject({
      code: 'lookup-failed',
      message: expect.stringMatching(/^look up the name of "192\.0\.2\.1": /),
    })
  })

  test.each(['localhost', '', '[::1]', 7 as unknown as string])('%j is no address', async (address) => {
    await expect(reverseHost(address)).rejects.toThrow(/^address must be an IPv4 or IPv6 address, got/)
  })
})

describe('qualifiedHostname', () => {
  /** For as long as it lasts, this host has this name, these addresses, and they have these names. */
  function hostIs(name: string, names: Record<string, string | undefined>): Disposable {
    const originals = { hostname: os.hostname, lookup: dns.lookup, lookupService: dns.lookupService }
    const notFound = (): Promise<never> => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
    const addresses = Object.keys(names).map((address) => ({ address, family: 4 }))
    const install = (patch: object): void => {
      os.hostname = (patch as typeof os).hostname
      Object.assign(dns, { lookup: (patch as typeof dns).lookup, lookupService: (patch as typeof dns).lookupService })
      syncBuiltinESMExports()
    }
    install({
      hostname: () => name,
      lookup: () => (addresses.length > 0 ? Promise.resolve(addresses) : notFound()),
      lookupService: (address: string) => {
        const hostname = names[address]
        return hostname === undefined ? notFound() : Promise.resolve({ hostname, service: '0' })
      },
    })
    return { [Symbol.dispose]: () => install(originals) }
  }

  test('is, on this machine, the host name or one with a dot', async () => {
    const name = await qualifiedHostname()
    expect(name === hostname() || name.includes('.'), name).toBe(true)
  })

  test.each<[string, Record<string, string | undefined>, string]>([
    ['web.example', { '192.0.2.7': 'other.example' }, 'web.example'],
    ['web', { '192.0.2.7': 'web.example' }, 'web.example'],
    ['web', { '127.0.1.1': 'web', '192.0.2.6': undefined, '192.0.2.7': 'web.example' }, 'web.example'],
    ['web', { '127.0.0.1': 'localhost' }, 'web'],
    ['web', { '192.0.2.7': undefined }, 'web'],
    ['web', {}, 'web'],
  ])('%s with %j is %s', async (host, names, expected) => {
    using _host = hostIs(host, names)
    expect(await qualifiedHostname()).toBe(expected)
  })
})

describe.skipIf(findProgram('mkfifo') === undefined)('a resolver that hangs', () => {
  test('holds nobody past the deadline, nor past an abort', async () => {
    using directory = temporaryDirectory()
    const fifo = join(directory.path, 'fifo')
    spawnSync('mkfifo', [fifo])
    // Opening a pipe without a writer blocks a thread of the pool that look-ups run on; this blocks every one.
    const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
    const blocked = Array.from({ length: threads }, () => open(fifo, 'r'))
    try {
      await expect(resolveHost('localhost', { timeoutMs: 30 })).rejects.toMatchObject({
        code: 'timed-out',
        message: 'look up "localhost": timed out after 30 ms',
      })
      await expect(reverseHost('127.0.0.1', { timeoutMs: 30 })).rejects.toThrow(
        'look up the name of "127.0.0.1": timed out after 30 ms',
      )
      await expect(connect({ host: 'localhost', port: 9, timeoutMs: 30 })).rejects.toThrow(
        'look up "localhost": timed out after 30 ms',
      )
      await expect(qualifiedHostname({ timeoutMs: 30 })).rejects.toMatchObject({ code: 'timed-out' })
      const controller = new AbortController()
      const resolving = resolveHost('localhost', { signal: controller.signal })
      controller.abort('mine')
      await expect(resolving).rejects.toBe('mine')
    } finally {
      const writer = openSync(fifo, 'r+')
      for (const file of await Promise.all(blocked)) await file.close()
      closeSync(writer)
    }
  })
})
