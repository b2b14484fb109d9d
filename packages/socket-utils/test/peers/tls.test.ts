import { getEventListeners, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import {
  connect,
  type ConnectedTls,
  type ConnectStep,
  type ConnectTlsOptions,
  NetworkError,
  type TlsStep,
} from '@plainwire/socket-utils'
import { describeWithPeer, startPeer, temporaryDirectory } from '@plainwire/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAuthority, type Authority, type Certificate } from './authority.ts'

interface Listening extends AsyncDisposable {
  readonly port: number
  /** Resolves when as many connections have closed. */
  closed(count: number): Promise<void>
}

async function listening(server: net.Server): Promise<Listening> {
  let closed = 0
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => closed++))
  })
  server.on('tlsClientError', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    closed: async (count) => expect.poll(() => closed).toBe(count),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const serve = (options: tls.TlsOptions, onClient: (client: tls.TLSSocket) => void = () => {}): Promise<Listening> =>
  listening(
    tls.createServer(options, (client) => {
      client.on('error', () => {})
      onClient(client)
    }),
  )

const failure = (options: ConnectTlsOptions): Promise<unknown> =>
  connect(options).then(
    ({ socket }) => {
      socket.destroy()
      throw new Error('connected')
    },
    (error: unknown) => error,
  )

const outline = (steps: readonly (ConnectStep | TlsStep)[]): string[] =>
  steps.map(({ step, error }) => `${step} ${error?.code ?? 'done'}`)

describeWithPeer('openssl', 'connect with TLS', (openssl) => {
  let authority: Authority
  let good: Certificate
  let ca: string
  beforeAll(() => {
    authority = openAuthority(openssl)
    good = authority.issue('DNS:localhost,IP:127.0.0.1')
    ca = authority.ca
  })
  afterAll(() => authority[Symbol.dispose]())
  const local = { host: '127.0.0.1' } as const

  describe('a handshake', () => {
    test('is a step with version, cipher, protocol and time', async () => {
      await using server = await serve({ ...good, ALPNProtocols: ['http/1.1'] }, (client) => client.pipe(client))
      const seen: (ConnectStep | TlsStep)[] = []
      const connected = await connect({
        ...local,
        port: server.port,
        tls: { ca, alpnProtocols: ['h2', 'http/1.1'] },
        onStep: (step) => seen.push(step),
      })
      const session = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', alpn: 'http/1.1', authorized: true }
      expect(connected).toMatchObject({ address: '127.0.0.1', family: 4, port: server.port, tls: session })
      expect(connected.localPort).toBe(connected.socket.localPort)
      expect(outline(seen)).toEqual(['lookup done', 'attempt done', 'tls done'])
      expect(seen).toEqual(connected.steps)
      expect(seen[2]).toEqual({ step: 'tls', ...session, elapsedMs: expect.any(Number) })
      expect(seen[2]?.elapsedMs).toBeGreaterThan(0)
      connected.socket.end('over and back')
      expect(await connected.socket.setEncoding('utf8').toArray()).toEqual(['over and back'])
    })

    test('of an older version, without a choice of protocol', async () => {
      await using server = await serve({ ...good, maxVersion: 'TLSv1.2' })
      const { socket, tls } = await connect({ ...local, port: server.port, tls: { ca } })
      expect(tls).toMatchObject({ version: 'TLSv1.2', alpn: undefined })
      expect(tls.cipher).toMatch(/^TLS_ECDHE_ECDSA_WITH_/)
      socket.destroy()
    })

    test('asks for the host by name, for another name if told so, and for no address', async () => {
      const names: (string | false)[] = []
      await using server = await serve(good, (client) => {
        names.push(client.servername as string | false)
        client.resume()
      })
      for (const options of [
        { host: 'localhost', family: 4, tls: { ca } },
        { ...local, tls: { ca } },
        { ...local, tls: { ca, servername: 'localhost' } },
      ] as const) {
        const { socket } = await connect({ ...options, port: server.port })
        socket.end()
        await once(socket.resume(), 'close')
      }
      expect(names).toEqual(['localhost', false, 'localhost'])
    })

    test('shows a certificate of ours where one is asked for', async () => {
      const subjects = Promise.withResolvers<string>()
      await using server = await serve({ ...good, ca, requestCert: true, maxVersion: 'TLSv1.2' }, (client) =>
        subjects.resolve(String(client.getPeerCertificate().subjectaltname)),
      )
      const ours = authority.issue('DNS:client.test')
      const { socket } = await connect({ ...local, port: server.port, tls: { ca, ...ours } })
      expect(await subjects.promise).toBe('DNS:client.test')
      socket.destroy()
      expect(await failure({ ...local, port: server.port, tls: { ca } })).toMatchObject({ code: 'tls-failed' })
    })

    test('leaves no listener, neither on the socket nor on the signal', async () => {
      await using server = await serve(good)
      const { signal } = new AbortController()
      const { socket } = await connect({ ...local, port: server.port, tls: { ca }, signal })
      expect(['secureConnect', 'error'].map((name) => socket.listenerCount(name))).toEqual([0, 0])
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      socket.destroy()
      await server.closed(1)
    })
  })

  describe('a certificate that cannot be accepted', () => {
    const CASES: readonly (readonly [string, (authority: Authority) => Certificate, string])[] = [
      ['expired', ({ issue }) => issue('IP:127.0.0.1', [-2, -1]), 'it has expired (CERT_HAS_EXPIRED)'],
      ['not yet valid', ({ issue }) => issue('IP:127.0.0.1', [1, 2]), 'it is not valid yet (CERT_NOT_YET_VALID)'],
      [
        'self-signed',
        ({ selfSigned }) => selfSigned('IP:127.0.0.1'),
        'it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
      ],
      [
        'for another name',
        ({ issue }) => issue('DNS:other.test,IP:192.0.2.7'),
        'it is for another name, one of "DNS:other.test, IP Address:192.0.2.7" (ERR_TLS_CERT_ALTNAME_INVALID)',
      ],
    ]

    test.each(CASES)('%s', async (_, make, reason) => {
      await using server = await serve(make(authority))
      const steps: (ConnectStep | TlsStep)[] = []
      const options = { ...local, port: server.port, onStep: (step: ConnectStep | TlsStep) => steps.push(step) }
      const error = (await failure({ ...options, tls: { ca } })) as NetworkError
      expect(error).toBeInstanceOf(NetworkError)
      expect(error.code).toBe('certificate-invalid')
      expect(error.message).toBe(
        `TLS handshake with 127.0.0.1:${server.port}: the certificate cannot be accepted: ${reason}`,
      )
      expect(outline(steps)).toEqual(['lookup done', 'attempt done', 'tls certificate-invalid'])
      await server.closed(1)
    })

    test('of an authority that nobody knows; accepted all the same if told so, and said so', async () => {
      await using server = await serve(good)
      const error = await failure({ ...local, port: server.port, tls: true })
      expect(error).toMatchObject({ code: 'certificate-invalid' })
      expect(String(error)).toMatch(
        /: it is signed by an authority that is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
      )
      const { socket, tls } = await connect({ ...local, port: server.port, tls: { rejectUnauthorized: false } })
      expect(tls.authorized).toBe(false)
      socket.destroy()
    })
  })

  describe('a handshake that fails', () => {
    test('the peer speaks something else', async () => {
      await using server = await listening(
        net.createServer((client) => client.once('data', () => client.end('HTTP/1.0 400 Bad Request\r\n\r\n'))),
      )
      const { port } = server
      expect(await failure({ ...local, port, tls: true })).toEqual(
        new NetworkError(
          'tls-failed',
          `TLS handshake with 127.0.0.1:${port}: the peer does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)`,
        ),
      )
      await server.closed(1)
    })

    test('no version in common, no protocol in common', async () => {
      await using server = await serve({ ...good, maxVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] })
      const { port } = server
      expect(await failure({ ...local, port, tls: { ca, minVersion: 'TLSv1.3' } })).toMatchObject({
        code: 'tls-failed',
        message: expect.stringContaining('the peer speaks no version of TLS that was offered ('),
      })
      expect(await failure({ ...local, port, tls: { ca, alpnProtocols: ['h2'] } })).toMatchObject({
        code: 'tls-failed',
        message: expect.stringContaining('the peer speaks none of the protocols offered ('),
      })
    })

    test('the peer hangs up, politely or not', async () => {
      for (const [hangUp, code] of [
        [(client: net.Socket) => client.end(), 'connection-closed'],
        [(client: net.Socket) => client.resetAndDestroy(), 'connection-reset'],
      ] as const) {
        await using server = await listening(net.createServer((client) => client.once('data', () => hangUp(client))))
        const error = await failure({ ...local, port: server.port, tls: true })
        expect(error).toMatchObject({ name: 'NetworkError', code })
        expect(String(error)).toMatch(/TLS handshake with .*: connection (?:closed|reset) by peer/)
      }
    })

    test('a silent peer: the one deadline, and the caller’s abort', async () => {
      await using server = await listening(net.createServer((client) => client.resume()))
      const { port } = server
      const steps: (ConnectStep | TlsStep)[] = []
      const onStep = (step: ConnectStep | TlsStep): void => void steps.push(step)
      expect(await failure({ ...local, port, tls: true, timeoutMs: 150, onStep })).toEqual(
        new NetworkError('timed-out', `TLS handshake with 127.0.0.1:${port}: timed out after 150 ms`),
      )
      expect(outline(steps)).toEqual(['lookup done', 'attempt done', 'tls timed-out'])
      steps.length = 0
      const controller = new AbortController()
      const failed = failure({ ...local, port, tls: true, signal: controller.signal, onStep })
      await expect.poll(() => steps).toHaveLength(2)
      controller.abort('mine')
      expect(await failed).toBe('mine')
      expect(outline(steps)).toEqual(['lookup done', 'attempt done', 'tls abandoned'])
      await server.closed(2)
    })

    test('cancelled by its own step: the socket is closed', async () => {
      await using server = await serve(good)
      const fault = new Error('a fault of the caller’s')
      const onStep = ({ step }: { readonly step: string }): void => {
        if (step === 'tls') throw fault
      }
      expect(await failure({ ...local, port: server.port, tls: { ca }, onStep })).toBe(fault)
      await server.closed(1)
    })

    test('a mistake in the settings costs no connection', async () => {
      let connections = 0
      await using server = await listening(net.createServer(() => connections++))
      const options = { ...local, port: server.port }
      expect(await failure({ ...options, tls: { servername: '127.0.0.1' } })).toEqual(
        new TypeError('servername must be a name (RFC 6066 §3), got the address "127.0.0.1"'),
      )
      expect(await failure({ ...options, tls: { key: 'no key', cert: 'no certificate' } })).toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/^tls: /),
      })
      expect(await failure({ ...options, tls: { minVersion: 'TLSv9' as tls.SecureVersion } })).toMatchObject({
        name: 'TypeError',
        code: 'ERR_TLS_INVALID_PROTOCOL_VERSION',
      })
      expect(await failure({ ...local, port: 0, tls: true })).toEqual(new RangeError('port must be 1 to 65535, got 0'))
      expect(connections).toBe(0)
    })
  })

  test('openssl’s own server', async () => {
    using directory = temporaryDirectory()
    const files = Object.entries(good).flatMap(([name, pem]) => {
      writeFileSync(join(directory.path, name), pem)
      return [`-${name}`, join(directory.path, name)]
    })
    const args = ['s_server', '-accept', '127.0.0.1:0', ...files, '-alpn', 'echo', '-rev']
    await using peer = startPeer(openssl, args)
    const port = Number((await peer.line(/^ACCEPT 127\.0\.0\.1:(\d+)$/))[1])
    const connected: ConnectedTls = await connect({ ...local, port, tls: { ca, alpnProtocols: ['echo'] } })
    expect(connected.tls).toMatchObject({ version: 'TLSv1.3', alpn: 'echo', authorized: true })
    connected.socket.write('plainwire\n')
    expect(String((await once(connected.socket, 'data'))[0])).toBe('eriwnialp\n')
    connected.socket.destroy()
  })
})

test('who connects without TLS does not load it', async () => {
  using directory = temporaryDirectory()
  const program = join(directory.path, 'program.mjs')
  writeFileSync(
    program,
    `import net from 'node:net'
     import { connect } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
     const loaded = () => process.moduleLoadList.some((name) => /\\btls\\b/.test(name))
     const server = net.createServer((client) => client.destroy()).listen(0, '127.0.0.1')
     await new Promise((resolve) => server.once('listening', resolve))
     const { socket } = await connect({ host: '127.0.0.1', port: server.address().port })
     const before = loaded()
     await import('node:tls')
     console.log('loaded', before, 'then', loaded())
     process.exit()`,
  )
  await using peer = startPeer(process.execPath, [program])
  expect((await peer.line(/^loaded (.*)$/))[1]).toBe('false then true')
})
