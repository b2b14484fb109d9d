// TLS with openssl on the other side, and with Node's own client where the order of bytes matters.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import tls from 'node:tls'
import { describeWithPeer, startPeer } from '@plainwire/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { echo } from '../../src/echo.ts'
import { type Connection, serveConcurrently, serveThreadPerClient, TlsAcceptor } from '../../src/index.ts'
import { encodeProxyHeader } from '../../src/proxy-header.ts'
import { canTransferSockets } from '../../src/socket-transfer.ts'
import { type Certificate, selfSigned } from '@plainwire/testing/certificate'
import { connectTo, outcome, reply, until } from '../client.ts'

describeWithPeer('openssl', 'TLS', (openssl) => {
  let certificate: Certificate
  beforeAll(() => {
    certificate = selfSigned(openssl)
  })
  const secure = async (socket: Socket, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> => {
    const secured = tls.connect({ socket, ca: certificate.cert, servername: 'localhost', ...options })
    secured.on('error', () => {})
    await once(secured, 'secureConnect')
    return secured
  }

  test('openssl s_client holds a conversation, and both see what was agreed on', async () => {
    const sessions: unknown[] = []
    const handler = async (connection: Connection): Promise<void> => {
      sessions.push(connection.tls)
      for await (const line of connection.lines()) await connection.write(`${line.toUpperCase()}\n`)
    }
    const settings = { ...certificate, alpnProtocols: ['plain'] }
    await using server = await serveConcurrently(handler, { tls: settings })
    const args = ['-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost', '-alpn', 'plain', '-quiet']
    await using client = startPeer(openssl, ['s_client', ...args], { input: 'hello\nworld\n' })
    await client.line(/^HELLO$/)
    await client.line(/^WORLD$/)
    expect(sessions).toEqual([
      { version: 'TLSv1.3', cipher: expect.any(String), alpn: 'plain', servername: 'localhost', authorized: false },
    ])
  })

  test('echoes much, in both layers, half-closed as without TLS', async () => {
    for (const serve of [
      () => serveConcurrently(echo(), { tls: certificate }),
      () => serveConcurrently({ data: (link, bytes) => void link.write(bytes) }, { tls: certificate }),
    ]) {
      await using server = await serve()
      const client = await secure(connect(server.port, '127.0.0.1'))
      const text = 'x'.repeat(3_000_000)
      client.end(text)
      expect((await outcome(client)).text).toBe(text)
      await until(() => server.info().open === 0)
      expect(server.info()).toMatchObject({ bytesRead: 3_000_000, bytesWritten: 3_000_000, closed: { eof: 1 } })
    }
  })

  test.runIf(canTransferSockets())('in a thread per client, too: the handshake is made there', async () => {
    await using server = await serveThreadPerClient(new URL('../../src/echo.ts', import.meta.url), { tls: certificate })
    const client = await secure(connect(server.port, '127.0.0.1'))
    client.end('through a thread')
    expect((await outcome(client)).text).toBe('through a thread')
  })

  test('one that speaks no TLS, goes away, or takes its time never reaches the handler', async () => {
    let handlers = 0
    const count = (): void => void (handlers += 1)
    await using server = await serveConcurrently(count, { tls: certificate, deadlines: { handshakeMs: 200 } })
    const plain = await connectTo(server.port)
    plain.write('GET / HTTP/1.1\r\n\r\n')
    await outcome(plain)
    const gone = await connectTo(server.port)
    gone.write(Uint8Array.of(22, 3, 1))
    gone.resetAndDestroy()
    const silent = await connectTo(server.port)
    await outcome(silent)
    await until(() => server.info().waiting === 0)
    expect(server.info()).toMatchObject({ accepted: 3, open: 0, closed: { 'tls-error': 2, deadline: 1 } })
    expect(handlers).toBe(0)
  })

  test('an upgrade of a connection that is gone already fails, and gives its place back', async () => {
    const upgraded = Promise.withResolvers<unknown>()
    await using server = await serveConcurrently(async (connection) => {
      await connection.read()
      const closed = connection.closed
      await closed
      upgraded.resolve(await connection.startTls(certificate).catch((error: unknown) => error))
    })
    const client = await connectTo(server.port)
    client.write('STARTTLS')
    await until(() => server.info().bytesRead === 8)
    client.resetAndDestroy()
    expect(await upgraded.promise).toMatchObject({ code: 'connection-reset' })
    await until(() => server.info().open === 0)
  })

  test('reset() resets the connection below it, at once and after an upgrade', async () => {
    const reset = async (connection: Connection): Promise<void> => {
      await connection.read()
      if (connection.tls === undefined) {
        await connection.write('go ahead')
        await connection.startTls(certificate)
        await connection.read()
      }
      connection.reset()
    }
    for (const options of [{ tls: certificate }, {}]) {
      await using server = await serveConcurrently(reset, options)
      const client = await connectTo(server.port)
      // What TLS makes of it is not told by every Node: the connection below tells.
      const over = once(client, 'error') as Promise<[NodeJS.ErrnoException]>
      over.catch(() => {})
      if (!('tls' in options)) {
        client.write('STARTTLS')
        await reply(client)
      }
      const secured = await secure(client)
      secured.write('x')
      const [error] = (await Promise.race([over, once(secured, 'error')])) as [NodeJS.ErrnoException]
      expect(error.code).toBe('ECONNRESET')
      expect((await server.close(), await server.finished)).toMatchObject({
        connections: 1,
        resets: 0,
        handlerErrors: 0,
      })
    }
  })

  test('renew() changes the certificate for those who come later', async () => {
    const acceptor = new TlsAcceptor(certificate)
    const next = selfSigned(openssl, 'next')
    await using server = await serveConcurrently(echo(), { tls: acceptor })
    const before = await secure(connect(server.port, '127.0.0.1'))
    acceptor.renew(next)
    const after = await secure(connect(server.port, '127.0.0.1'), { ca: next.cert, servername: 'next' })
    expect([before, after].map((client) => client.getPeerCertificate().subject.CN)).toEqual(['localhost', 'next'])
    before.write('still here')
    expect(await reply(before)).toBe('still here')
    for (const client of [before, after]) client.end()
  })

  test('asks for a certificate, and lets nobody in without', async () => {
    const sessions: unknown[] = []
    const note = (connection: Connection): void => void sessions.push(connection.tls?.authorized)
    const settings = { ...certificate, ca: certificate.cert, requestCert: true }
    await using server = await serveConcurrently(note, { tls: settings })
    const known = await secure(connect(server.port, '127.0.0.1'), { ...certificate })
    await outcome(known)
    const stranger = tls.connect({ port: server.port, host: '127.0.0.1', ca: certificate.cert }).on('error', () => {})
    await outcome(stranger)
    expect(sessions).toEqual([true])
    await until(() => server.info().closed['tls-error'] === 1)
  })

  test('a PROXY header comes in front of the handshake', async () => {
    const remotes: unknown[] = []
    const note = async (connection: Connection): Promise<void> => {
      remotes.push(connection.remote)
      await echo()(connection)
    }
    const options = { tls: certificate, proxyProtocol: { trust: ['127.0.0.1'] } }
    await using server = await serveConcurrently(note, options)
    const header = encodeProxyHeader({
      version: 2,
      command: 'proxy',
      addresses: {
        family: 'ipv4',
        transport: 'stream',
        source: { host: '192.0.2.7', port: 4660 },
        destination: { host: '192.0.2.8', port: 443 },
      },
    })
    for (const together of [true, false]) {
      const socket = connect(server.port, '127.0.0.1')
      await once(socket, 'connect')
      if (together) socket.cork()
      socket.write(header)
      const client = tls.connect({ socket, ca: certificate.cert, servername: 'localhost' })
      socket.uncork()
      client.end('behind a proxy')
      expect((await outcome(client)).text).toBe('behind a proxy')
    }
    const named = { host: '192.0.2.7', port: 4660 }
    expect(remotes).toEqual([named, named])
  })

  describe('STARTTLS', () => {
    const upgrading = (seen: unknown[]) => async (connection: Connection) => {
      for await (const line of connection.lines()) {
        if (line === 'STARTTLS') {
          await connection.write('220 go ahead\r\n')
          seen.push((await connection.startTls(certificate)).version)
        } else await connection.write(`${connection.tls ? 'safe' : 'plain'} ${line}\r\n`)
      }
    }

    test('openssl s_client -starttls goes over to TLS and on with the conversation', async () => {
      const seen: unknown[] = []
      const smtp = async (connection: Connection): Promise<void> => {
        await connection.write('220 test\r\n')
        for await (const line of connection.lines()) {
          if (line.startsWith('EHLO')) await connection.write('250-test\r\n250 STARTTLS\r\n')
          else if (line === 'STARTTLS') {
            await connection.write('220 go ahead\r\n')
            seen.push((await connection.startTls(certificate)).version)
          } else await connection.write(`250 ${line}\r\n`)
        }
      }
      await using server = await serveConcurrently(smtp)
      const args = ['s_client', '-starttls', 'smtp', '-connect', `127.0.0.1:${server.port}`, '-quiet']
      await using client = startPeer(openssl, args, { input: 'NOOP\n' })
      await client.line(/^250 NOOP/)
      expect(seen).toEqual(['TLSv1.3'])
    })

    test('frees its place once, though two sockets close', async () => {
      await using server = await serveConcurrently(upgrading([]), { limits: { connections: 1, overflow: 'refuse' } })
      for (let turn = 0; turn < 2; turn++) {
        const client = await connectTo(server.port)
        client.write('STARTTLS\r\n')
        await reply(client)
        const secured = await secure(client)
        secured.end('one\r\n')
        expect((await outcome(secured)).text).toBe('safe one\r\n')
        await until(() => server.info().open === 0)
      }
      const first = await connectTo(server.port)
      first.write('hello\r\n')
      expect(await reply(first)).toBe('plain hello\r\n')
      expect((await outcome(await connectTo(server.port))).text).toBe('')
      expect(server.info()).toMatchObject({ accepted: 4, closed: { limit: 1 } })
      first.end()
    })

    test('in the fast layer: a link closes once, though two sockets do', async () => {
      const acceptor = new TlsAcceptor(certificate)
      const closings: string[] = []
      await using server = await serveConcurrently({
        data(link, bytes) {
          const starts = String(bytes) === 'STARTTLS\r\n'
          link.write(starts ? 'go ahead\r\n' : bytes)
          if (starts) void link.upgrade((socket, handshake) => acceptor.accept(socket, handshake))
        },
        close: (_link, { reason }) => closings.push(reason),
      })
      const client = await connectTo(server.port)
      client.write('STARTTLS\r\n')
      expect(await reply(client)).toBe('go ahead\r\n')
      const secured = await secure(client)
      secured.end('safe')
      expect((await outcome(secured)).text).toBe('safe')
      await until(() => server.info().open === 0)
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      expect(closings).toEqual(['eof'])
    })

    test('plain text behind the request is refused: it would be taken for protected', async () => {
      const errors: unknown[] = []
      await using server = await serveConcurrently(upgrading([]), { onError: (error) => errors.push(error) })
      const client = await connectTo(server.port)
      client.write('STARTTLS\r\nDELETE everything\r\n')
      await outcome(client)
      await until(() => errors.length === 1)
      expect(errors).toMatchObject([{ name: 'ProtocolError', code: 'tls/early-plaintext' }])
    })

    test('one that never begins its handshake is cut, and one that sends something else as well', async () => {
      await using server = await serveConcurrently(upgrading([]), { deadlines: { handshakeMs: 150 } })
      for (const next of ['', 'not TLS at all\r\n']) {
        const client = await connectTo(server.port)
        client.write('STARTTLS\r\n')
        expect(await reply(client)).toBe('220 go ahead\r\n')
        client.write(next)
        await outcome(client)
      }
      await until(() => server.info().open === 0)
      expect(server.info().closed).toMatchObject({ deadline: 1, 'tls-error': 1 })
    })

    test('drains inside TLS as outside', async () => {
      const server = await serveConcurrently(upgrading([]))
      const client = await connectTo(server.port)
      client.write('STARTTLS\r\n')
      await reply(client)
      const secured = await secure(client)
      secured.write('one\r\n')
      expect(await reply(secured as unknown as Socket)).toBe('safe one\r\n')
      secured.write('two\r\n')
      const over = outcome(secured)
      await server.close()
      expect(await over).toEqual({ text: 'safe two\r\n', end: 'FIN' })
    })
  })

  test('refuses settings that OpenSSL cannot read', async () => {
    await expect(serveConcurrently(echo(), { tls: { key: 'no key', cert: 'no certificate' } })).rejects.toThrow(
      TypeError,
    )
    const acceptor = new TlsAcceptor(certificate)
    await expect(
      serveThreadPerClient(new URL('../../src/echo.ts', import.meta.url), { tls: acceptor }),
    ).rejects.toThrow('tls must be settings: a TlsAcceptor cannot cross to another thread')
  })
})
