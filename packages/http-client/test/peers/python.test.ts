// Python's http.server, which speaks HTTP/1.0 unless told otherwise.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { get, request } from '@plainwire/http-client'
import { describeWithPeer, startPeer, temporaryDirectory } from '@plainwire/testing'

const BODY = Uint8Array.from({ length: 200_003 }, (_, index) => (index * 13) % 256)

describeWithPeer('python3', 'beside Python’s http.server', (python) => {
  const serve = (directory: string) =>
    startPeer(python, ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', directory])

  test('a file, a HEAD, a redirect, an error, a method that it does not know', async () => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'file.bin'), BODY)
    mkdirSync(join(directory.path, 'folder'))
    await using server = serve(directory.path)
    const [, port] = await server.line(/^Serving HTTP on 127\.0\.0\.1 port ([0-9]+)/)
    const origin = `http://127.0.0.1:${port}`

    const file = await get(`${origin}/file.bin`)
    expect(file).toMatchObject({ version: '1.0', statusCode: 200, reasonPhrase: 'OK' })
    expect(Buffer.compare(await file.bytes(), BODY)).toBe(0)

    const head = await request(`${origin}/file.bin`, { method: 'HEAD' })
    expect([head.headers.get('content-length'), (await head.bytes()).length]).toEqual([String(BODY.length), 0])

    const moved = await get(`${origin}/folder`)
    expect([moved.statusCode, moved.headers.get('location')]).toEqual([301, '/folder/'])
    await moved.close()

    const missing = await get(`${origin}/nosuch`, { version: '1.1' })
    expect([missing.statusCode, missing.reasonPhrase]).toEqual([404, 'File not found'])
    expect(await missing.text()).toContain('File not found')

    const unknown = await request(`${origin}/`, { method: 'BREW', body: 'tea' })
    expect(unknown.statusCode).toBe(501)
    await unknown.close()
  })
})
