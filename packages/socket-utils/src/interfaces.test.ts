import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkInterfaceInfo } from 'node:os'
import { describeWithPeer, runProgram, temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { indexesIn, interfaces, interfacesOf } from './interfaces.ts'

const v4 = (address: string, cidr: string | null, internal = false): NetworkInterfaceInfo => ({
  address,
  family: 'IPv4',
  cidr,
  internal,
  netmask: '',
  mac: '',
})
const v6 = (address: string, cidr: string, scopeid = 0, internal = false): NetworkInterfaceInfo => ({
  address,
  family: 'IPv6',
  cidr,
  internal,
  scopeid,
  netmask: '',
  mac: '',
})

describe('interfacesOf', () => {
  const addresses = {
    eth0: [v4('192.0.2.7', '192.0.2.7/25'), v6('fe80::7', 'fe80::7/64', 12)],
    lo: [v4('127.0.0.1', '127.0.0.1/8', true), v6('::1', '::1/128', 0, true)],
  }

  test('gives every address with family, prefix and zone, by index, and interfaces without an address', () => {
    const indexes = new Map([
      ['lo', 1],
      ['eth0', 12],
      ['sit0', 3],
    ])
    const zone = process.platform === 'win32' ? '12' : 'eth0'
    expect(interfacesOf(addresses, indexes)).toEqual([
      {
        name: 'lo',
        index: 1,
        addresses: [
          { address: '127.0.0.1', family: 4, prefixLength: 8, internal: true },
          { address: '::1', family: 6, prefixLength: 128, internal: true },
        ],
      },
      { name: 'sit0', index: 3, addresses: [] },
      {
        name: 'eth0',
        index: 12,
        addresses: [
          { address: '192.0.2.7', family: 4, prefixLength: 25, internal: false },
          { address: 'fe80::7', family: 6, prefixLength: 64, zone, internal: false },
        ],
      },
    ])
  })

  test('takes the index from a zone where the system gives no other; without one an interface stands last', () => {
    const none = { ...addresses, b: [], a: undefined, odd: [v4('192.0.2.8', null)] }
    const found = interfacesOf(none, new Map())
    expect(found.map(({ name, index }) => [name, index])).toEqual([
      ['eth0', 12],
      ['a', undefined],
      ['b', undefined],
      ['lo', undefined],
      ['odd', undefined],
    ])
    expect(found.at(-1)?.addresses).toEqual([
      { address: '192.0.2.8', family: 4, prefixLength: undefined, internal: false },
    ])
  })
})

test('indexes are read from the files that there are', () => {
  using directory = temporaryDirectory()
  mkdirSync(join(directory.path, 'eth0'))
  writeFileSync(join(directory.path, 'eth0', 'ifindex'), '42\n')
  writeFileSync(join(directory.path, 'bonding_masters'), 'bond0\n')
  expect([...indexesIn(directory.path)]).toEqual([['eth0', 42]])
  expect([...indexesIn(join(directory.path, 'nosuch'))]).toEqual([])
})

test('this host has a loopback interface', () => {
  const loopback = interfaces().find(({ addresses }) => addresses.some(({ address }) => address === '127.0.0.1'))
  expect(loopback?.addresses).toContainEqual({ address: '127.0.0.1', family: 4, prefixLength: 8, internal: true })
})

if (process.platform === 'linux') {
  describeWithPeer('python3', 'beside Python’s if_nameindex', (python) => {
    test('the same names and indexes', () => {
      const dump = runProgram(python, ['-c', 'import json, socket; print(json.dumps(socket.if_nameindex()))'])
      const theirs = (JSON.parse(dump) as [number, string][]).sort(([a], [b]) => a - b)
      expect(interfaces().map(({ index, name }) => [index, name])).toEqual(theirs)
    })
  })
}
