// The files under deploy/, by the programs that read them.

import { readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { get, type IncomingMessage } from 'node:http'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, runNode, runProgram, startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { encodeProxyHeader } from '../../src/proxy-header.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const backend = path('../../examples/fleet-backend.ts')

describeWithPeer('haproxy', 'deploy/haproxy.cfg', (haproxy) => {
  test('gives a request to a backend, with the address of the client', async () => {
    const [front, ours, ...nobody] = [await unusedPort(), await unusedPort(), await unusedPort(), await unusedPort()]
    await using server = runNode(backend, [String(ours)])
    await server.line(/listens on/)
    const at = (port: number | undefined): string => `127.0.0.1:${port}`
    const env = { FRONT: at(front), BACKEND_1: at(ours), BACKEND_2: at(nobody[0]), BACKEND_3: at(nobody[1]) }
    await using _proxy = startPeer(haproxy, ['-db', '-f', path('../../deploy/haproxy.cfg')], { env })
    await waitForPort({ host: '127.0.0.1', port: front ?? 0, timeoutMs: 10_000 })
    const request = get({ host: '127.0.0.1', port: front })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const from = request.socket?.localPort
    expect(await text(response)).toBe(`127.0.0.1:${from} served by ${server.process.pid}\n`)
    server.process.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(server.output()).toMatch(/served 1 connections, and cut 0$/)
  })
})

describeWithPeer('systemd-analyze', 'deploy/plainwire.service', (analyze) => {
  test('is a unit that systemd takes, with the socket that it requires', () => {
    using directory = temporaryDirectory()
    for (const name of ['plainwire.socket', 'plainwire.service']) {
      writeFileSync(join(directory.path, name), readFileSync(path(`../../deploy/${name}`)))
    }
    // A warning would be printed to standard error, and makes the exit code 1.
    runProgram(analyze, [
      'verify',
      '--man=no',
      join(directory.path, 'plainwire.service'),
      join(directory.path, 'plainwire.socket'),
    ])
  })
})

describeWithPeer('systemd-socket-activate', 'socket activation', (activate) => {
  test('serves on the socket that systemd bound', async () => {
    const port = await unusedPort()
    const args = [`--listen=127.0.0.1:${port}`, '--fdname=web', process.execPath, backend]
    await using program = startPeer(activate, args)
    await program.line(/Listening on/)
    const client = connect(port, '127.0.0.1')
    await once(client, 'connect')
    // The example trusts loopback to be a proxy.
    client.write(encodeProxyHeader({ version: 2, command: 'proxy' }))
    client.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await text(client)).toMatch(new RegExp(`127\\.0\\.0\\.1:${client.localPort ?? '\\d+'} served by \\d+\n$`))
    program.process.kill('SIGTERM')
    expect(await program.exited).toBe(0)
  })
})
