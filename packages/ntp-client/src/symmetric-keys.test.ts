import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { answerTo, startUdpPeer } from '../test/udp-peer.ts'
import { query } from './client.ts'
import { type SymmetricKey } from './protocol/key-file.ts'
import { appendMac } from './protocol/authentication.ts'
import { fromUnixNanoseconds } from './protocol/timestamp.ts'
import { serveNtp } from './server.ts'
import { authenticateWith, loadKeyFile, macKey } from './symmetric-keys.ts'
import { synchronize } from './synchronize.ts'

const NOW = 1_795_350_908_123_000_000n
const time = fromUnixNanoseconds(NOW + 7_000_000n)
const honest = { receiveTimestamp: time, transmitTimestamp: time }
const secret = new TextEncoder().encode('correct horse')
const key = (id: number, algorithm: SymmetricKey['algorithm'] = 'SHA1', bytes = secret): SymmetricKey => ({
  id,
  algorithm,
  secret: bytes,
})
const DENY = { stratum: 0, leap: 3, referenceId: 0x44454e59 }

describe('digests', () => {
  const message = new TextEncoder().encode('battery staple')
  // printf 'correct horsebattery staple' | openssl md5, sha1, …; echo -n 'battery staple' | openssl mac -cipher … CMAC
  test.each([
    ['MD5', secret, '81ef36c179d0f2cf1d84451320734750'],
    ['SHA1', secret, '27a4dd2b84d60753929b7d789289a2c95c490b7b'],
    ['SHA256', secret, '39ec93047d37e57394b629b9fa41c1088b4d096e'],
    ['SHA512', secret, 'fc97683ed3bc4c77f1a50bcbd030f4f1e01746eb'],
    ['AES128', new Uint8Array(16).fill(7), '34e4e2d60a39335db4030faac1a281d2'],
    ['AES256', new Uint8Array(32).fill(7), '65ddf9bc5dc6ca6dcae9402fa8138038'],
  ] as const)('%s is as openssl has it', (algorithm, bytes, expected) => {
    const { digest } = macKey(key(1, algorithm, bytes))
    expect(Buffer.from(digest(message)).toString('hex').slice(0, 40)).toBe(expected)
  })

  test('a key that cannot be one is refused', () => {
    expect(() => authenticateWith(key(0))).toThrow(RangeError)
    expect(() => authenticateWith(key(1, 'AES128'))).toThrow('AES128 takes a secret of 16 bytes, got 13')
  })
})

describe('an authenticated query', () => {
  test('believes the server that has the key, and sends its MAC', async () => {
    await using server = await serveNtp({ port: 0, keys: [key(7), key(8, 'MD5')], clock: () => NOW })
    const result = await query(`127.0.0.1:${server.port}`, { authenticator: authenticateWith(key(8, 'MD5')) })
    expect(result.dropped).toEqual({})
    expect(result.samples[0]?.request).toHaveLength(68)
    expect(result.samples[0]?.response).toHaveLength(68)
    expect(server.answered).toBe(4)
  })

  test('waits past everything that is not proven, a refusal included', async () => {
    const good = macKey(key(7))
    await using peer = await startUdpPeer(async (request, _, send) => {
      await send(answerTo(request, honest))
      await send(answerTo(request, DENY))
      await send(answerTo(request, { ...honest, trailer: new Uint8Array(4) }))
      await send(appendMac(answerTo(request, honest), macKey(key(9))))
      await send(appendMac(answerTo(request, honest), macKey(key(7, 'SHA1', secret.with(0, 1)))))
      await send(appendMac(answerTo(request, { ...honest, originTimestamp: 5n }), good))
      await send(appendMac(answerTo(request, honest), good))
    })
    const authenticator = authenticateWith(key(7))
    const { dropped, offsetMs } = await query(peer.server, { samples: 1, clock: () => NOW, authenticator })
    expect(offsetMs).toBe(7)
    expect(dropped).toEqual({ 'no-mac': 2, 'crypto-nak': 1, 'other-key': 1, 'wrong-mac': 1, 'wrong-origin': 1 })
  })

  test('obeys a proven refusal', async () => {
    await using peer = await startUdpPeer((request, _, send) =>
      send(appendMac(answerTo(request, DENY), macKey(key(7)))),
    )
    const attempt = query(peer.server, { authenticator: authenticateWith(key(7)) })
    await expect(attempt).rejects.toMatchObject({ code: 'ntp/kiss-of-death', kissCode: 'DENY' })
  })

  test('of a server without keys fails, and says why', async () => {
    await using server = await serveNtp({ port: 0 })
    const attempt = query(`127.0.0.1:${server.port}`, {
      authenticator: authenticateWith(key(7)),
      samples: 1,
      timeoutMs: 200,
    })
    await expect(attempt).rejects.toThrow('timed out after 200 ms; ignored 1 datagram of 48 bytes (no mac)')
  })

  test('may be one of several, each server with its own key', async () => {
    await using a = await serveNtp({ port: 0, keys: [key(7)] })
    await using b = await serveNtp({ port: 0 })
    const servers = [a, b].map(({ port }) => `127.0.0.1:${port}`)
    const authenticatorFor = (server: string) => (server === servers[0] ? authenticateWith(key(7)) : undefined)
    const { survivors } = await synchronize(servers, { authenticatorFor })
    const lengths = survivors.map(({ server, result }) => [server, result.samples[0]?.response.length])
    expect(Object.fromEntries(lengths)).toEqual({ [servers[0]!]: 72, [servers[1]!]: 48 })
  })
})

describe('a server with keys', () => {
  test('answers without a MAC who asks without one, and nobody whose MAC is wrong', async () => {
    await using server = await serveNtp({ port: 0, keys: [key(7)] })
    const address = `127.0.0.1:${server.port}`
    expect((await query(address, { samples: 1 })).samples[0]?.response).toHaveLength(48)
    for (const wrong of [key(8), key(7, 'MD5')]) {
      const options = { authenticator: authenticateWith(wrong), samples: 1, timeoutMs: 150 }
      await expect(query(address, options)).rejects.toMatchObject({ code: 'timed-out' })
    }
    expect(server.ignored).toEqual({ 'other-key': 1, 'wrong-mac': 1 })
    expect(server.answered).toBe(1)
  })

  test('refuses a key that cannot be one', async () => {
    await expect(serveNtp({ port: 0, keys: [key(-1)] })).rejects.toBeInstanceOf(RangeError)
  })
})

test('a key file is read in either dialect', async () => {
  using directory = temporaryDirectory()
  const path = join(directory.path, 'keys')
  await writeFile(path, `5 SHA1 ${'61'.repeat(16)}\n`)
  expect((await loadKeyFile(path))[0]?.secret).toHaveLength(32)
  expect((await loadKeyFile(path, 'ntp'))[0]?.secret).toHaveLength(16)
  await expect(loadKeyFile(join(directory.path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})
