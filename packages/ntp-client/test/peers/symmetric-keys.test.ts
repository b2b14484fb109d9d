// Every kind of key, both directions: chronyd verifies our requests and answers, and we verify its.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeWithPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { authenticateWith, loadKeyFile, query } from '../../src/index.ts'
import { serveNtp } from '../../src/server.ts'
import { outcome, startChronyd, startChronydServer } from './chronyd.ts'

const KEY_FILE = `
# one of each
1 MD5 ASCII:an,old:friend
2 SHA1 HEX:1DC764E0791B11FA67EFC7ECBC4B0D73F68A070C
3 SHA256 HEX:${'5a'.repeat(32)}
4 SHA512 HEX:${'c3'.repeat(64)}
5 AES128 HEX:000102030405060708090A0B0C0D0E0F
6 AES256 HEX:${'1f'.repeat(32)}
70000 correcthorse
`

describeWithPeer('chronyd', 'symmetric keys beside chronyd', (program) => {
  test('it verifies our requests, and we its answers, with each key of its own key file', async () => {
    using directory = temporaryDirectory()
    const keyFile = join(directory.path, 'keys')
    await writeFile(keyFile, KEY_FILE)
    const port = await unusedPort()
    const directives = ['local stratum 9', `keyfile ${keyFile}`]
    await using chronyd = startChronydServer(program, directory.path, port, directives)
    const server = `127.0.0.1:${port}`
    await outcome(chronyd, server)
    const keys = await loadKeyFile(keyFile)
    expect(keys.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 70_000])
    for (const key of keys) {
      const { samples, dropped } = await query(server, { authenticator: authenticateWith(key) })
      expect(samples, key.algorithm).toHaveLength(4)
      expect(samples[0]?.response.length, key.algorithm).toBeGreaterThan(48)
      expect(dropped).toEqual({})
      const stranger = authenticateWith({ ...key, secret: key.secret.with(3, 0xee) })
      const refused = query(server, { authenticator: stranger, samples: 1, timeoutMs: 100 })
      await expect(refused, key.algorithm).rejects.toMatchObject({ code: 'timed-out' })
    }
  })

  test.each([1, 2, 3, 4, 5, 6, 70_000])('it believes our server under key %i', async (id) => {
    using directory = temporaryDirectory()
    const keyFile = join(directory.path, 'keys')
    await writeFile(keyFile, KEY_FILE)
    await using server = await serveNtp({ port: 0, offsetMs: 250, keys: await loadKeyFile(keyFile) })
    const source = `server 127.0.0.1 port ${server.port} key ${id} iburst minpoll -6 maxpoll -6 maxsamples 4`
    const directives = [`keyfile ${keyFile}`, source]
    await using chronyd = startChronyd(program, join(directory.path, 'pid'), ['-Q', '-t', '15'], directives)
    await chronyd.line(/System clock wrong by 0.2\d* seconds/)
    expect(await chronyd.exited).toBe(0)
    expect(server.ignored).toEqual({})
  })

  test('it does not believe our server without the key', async () => {
    using directory = temporaryDirectory()
    const keyFile = join(directory.path, 'keys')
    await writeFile(keyFile, KEY_FILE)
    await using server = await serveNtp({ port: 0, offsetMs: 250 })
    const source = `server 127.0.0.1 port ${server.port} key 5 iburst minpoll -6 maxpoll -6 maxsamples 4`
    const directives = [`keyfile ${keyFile}`, source]
    await using chronyd = startChronyd(program, join(directory.path, 'pid'), ['-Q', '-t', '2'], directives)
    await chronyd.line(/No suitable source for synchronisation/)
    expect(server.answered).toBeGreaterThan(0)
  })
})
