import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import { describe, expect, test } from 'vitest'
import { describeWithPeer, unusedPort } from '@plainwire/testing'
import { selfSigned } from '@plainwire/testing/certificate'
import { plainwire } from './plainwire.ts'

interface Misbehaving extends AsyncDisposable {
  readonly port: number
}

async function tcpServer(
  onConnection: (socket: Socket) => void,
  server: Server = createServer(),
): Promise<Misbehaving> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})))
  server.on(server instanceof tls.Server ? 'secureConnection' : 'connection', onConnection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function udpServer(answer: Uint8Array | undefined): Promise<Misbehaving> {
  const socket = createSocket('udp4')
  socket.on('message', (_, { port, address }) => {
    if (answer) socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() }
}

/** One line on stderr that names the value, nothing on stdout, no stack. */
async function fails(args: readonly string[], exitCode: number, ...says: (string | RegExp)[]): Promise<void> {
  const ran = await plainwire(args)
  expect(ran, args.join(' ')).toMatchObject({ exitCode, stdout: '' })
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(ran.stderr).toMatch(/^plainwire: /)
  expect(ran.stderr).not.toMatch(/\bat .*:\d+:\d+/)
  for (const words of says) expect(ran.stderr).toMatch(words)
}

describe('a command line that makes no sense exits with 2', () => {
  test.each([
    [['nosuchcommand'], 'nosuchcommand'],
    [['tme'], 'did you mean'],
    [['time', '127.0.0.1:70000'], '70000'],
    [['time', '--timeout', 'soon'], 'soon'],
    [['time', '--samples', '-1'], /samples|-1/],
    [['time', '--samples', '0'], /samples.*0/],
    [['time', '--nosuchflag'], 'nosuchflag'],
    [['time', '--lang', 'fr'], 'fr'],
    [['time', 'ntp://host/path?'], 'ntp://host/path'],
    [['get', 'no url'], 'no url'],
    [['get', 'ftp://127.0.0.1/'], 'ftp:'],
    [['get', 'http://127.0.0.1:70000/'], '70000'],
    [['get', '--stop-after', 'lunch'], 'lunch'],
    [['service', '99999/tcp'], '99999'],
    [['service', '80/nosuch'], '80/nosuch'],
    [['serve', 'echo', '--listen', '127.0.0.1:70000'], '70000'],
    [['serve', 'echo', '--strategy', 'hope'], 'hope'],
    [['serve', 'echo', '--listen', ':0', '--max-connections', '3'], '--max-connections'],
    [['serve', 'echo', '--listen', ':0', '--strategy', 'bind-only', '--messages', '3'], '--messages'],
    [['lesson', 'server-06'], 'server-06'],
    [['tour', 'extra'], 'one operand too many: "extra" (it takes none)'],
    [['bench', 'htpp', 'x'], 'plainwire: "htpp" must be echo or http.'],
    [['dissect', 'foo'], 'plainwire: "foo" must be auto, ntp or http.'],
    [['get', '--stop-aftr', 'send'], 'no flag --stop-aftr; did you mean --stop-after?'],
    [['get', '--nope'], 'no flag --nope. See --help.'],
    [['xyz'], 'no command "xyz". See --help.'],
    [['get', '--http', '2', '--lang', 'es'], '--http "2": debe ser 0.9, 1.0 o 1.1.'],
    [['bench', 'htpp', 'x', '--lang', 'es'], '"htpp" debe ser echo o http.'],
    [['host', 'foo', '--lang', 'es'], 'sobra "foo" (no admite operandos).'],
    [['get', '--timing', '--lang', 'es'], 'no existe la opción --timing; ¿querías decir --timings?'],
    [['get', 'http://', '--lang', 'es'], 'no es una URL'],
    [['--samples', '3', 'time'], '--samples comes after the command'],
    [['get', ':1', '--proxy', 'user:secret@127.0.0.1:1'], '--proxy: "…@127.0.0.1:1" is no proxy'],
    [['serve', 'http', '--listen', '::1:18077'], '"::1:18077" is no endpoint'],
    [['--hepl'], 'no flag --hepl; did you mean --help?'],
    [['--versio', '--lang', 'es'], 'no existe la opción --versio; ¿querías decir --version?'],
    [['get', '-vv', ':1'], '--verbose given twice. See'],
    [['port', 'free', '--count', '0'], '"0" is not among 1 … 1000'],
    [['port', 'free', '--count', 'x'], '"x" is no whole number, 1 … 1000'],
    [['bench', 'echo', 'http://127.0.0.1:1/'], 'echo does not go with "http://"'],
    [['bench', 'http', 'tcp://127.0.0.1:1', '--lang', 'es'], 'http no va con "tcp://"'],
    [['get', ':1', '--unix-socket', `/${'x'.repeat(200)}`], 'path must be at most 10'],
    [['resolve', 'localhost', '--name-server', 'nobody'], 'servers must be addresses'],
    [['get', 'http://127.0.0.1/', '--stop-after', 'send', '--har', 'file'], '--stop-after and --har'],
    [['get', 'http://127.0.0.1/', '--timeout', '0'], '"0" cannot be'],
    [['resolve', ''], 'NAME: ""'],
    [['service', ''], '"" is no service'],
    [['time', '127.0.0.1:0'], '127.0.0.1:0'],
    [['get', 'http://127.0.0.1:0/'], 'port'],
    [['time', '127.0.0.1:1', '--count', '2'], '--count needs --watch'],
    [['serve', 'http', '-l', ':0', '--redirect', 'a b'], '"a b" is no URL'],
  ])('%j', async (args, words) => {
    await fails(args, 2, words)
  })
})

describe('a fault of the network has its own exit code', () => {
  test.each([[['time', 'nosuch.invalid']], [['get', 'http://nosuch.invalid/']], [['resolve', 'nosuch.invalid']]])(
    '6, name not found: %j',
    async (args) => {
      await fails(args, 6, /look up "nosuch\.invalid"/)
    },
  )

  test('7, closed port', async () => {
    const port = await unusedPort()
    await fails(['time', `127.0.0.1:${port}`], 7, `127.0.0.1:${port}`, /refused/)
    await fails(['get', `http://127.0.0.1:${port}/`], 7, `127.0.0.1:${port}`, /refused/)
  })

  test('7, port in use', async () => {
    await using taken = await tcpServer(() => {})
    await fails(['serve', 'echo', '--listen', `:${taken.port}`], 7, `listen on 127.0.0.1:${taken.port}`, /in use/)
  })

  test('28, silence', async () => {
    await using udp = await udpServer(undefined)
    await using tcp = await tcpServer(() => {})
    await fails(['time', `127.0.0.1:${udp.port}`, '--timeout', '300ms'], 28, /timed out after 300 ms/)
    await fails(['get', `http://127.0.0.1:${tcp.port}/`, '--timeout', '300ms'], 28, /timed out after 300 ms/)
  })

  test('28, a time server that sends 47 bytes, or garbage, told in the message', async () => {
    await using short = await udpServer(new Uint8Array(47).fill(0x24))
    await fails(['time', `127.0.0.1:${short.port}`, '--timeout', '300ms'], 28, /47 bytes \(too short\)/)
    await using garbage = await udpServer(new Uint8Array(48).fill(0x24))
    await fails(['time', `127.0.0.1:${garbage.port}`, '--timeout', '300ms'], 28, /wrong origin/)
  })

  test('52, a server that closes at once', async () => {
    await using server = await tcpServer((socket) => socket.resume().end())
    await fails(['get', `http://127.0.0.1:${server.port}/`], 52, /empty reply/)
  })

  test('8, garbage where a response should be', async () => {
    await using server = await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))
    await fails(['get', `http://127.0.0.1:${server.port}/`], 8, /not HTTP/)
  })

  test('18, a body that stops in the middle, after what came of it', async () => {
    await using server = await tcpServer((socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf'))
    const ran = await plainwire(['get', `http://127.0.0.1:${server.port}/`])
    expect(ran).toMatchObject({ exitCode: 18, stdout: 'half' })
    expect(ran.stderr).toMatch(/^plainwire: .*\n$/)
  })

  test('56, a connection that is reset', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    await fails(['get', `http://127.0.0.1:${server.port}/`], 56, /reset/)
  })

  test('35, a server that does not speak TLS where TLS was asked for', async () => {
    await using server = await tcpServer((socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'))
    await fails(['get', `https://127.0.0.1:${server.port}/`], 35, /TLS/)
  })

  describeWithPeer('openssl', 'a certificate', (openssl) => {
    test('60, that no authority has signed, unless any will do', async () => {
      const answer = (socket: Socket): unknown => socket.end('HTTP/1.0 200 OK\r\n\r\nhello')
      await using server = await tcpServer(answer, tls.createServer(selfSigned(openssl)))
      const url = `https://localhost:${server.port}/`
      await fails(['get', url], 60, /certificate/)
      expect(await plainwire(['get', '--insecure', url])).toMatchObject({ exitCode: 0, stdout: 'hello' })
    })
  })
})

test('a bug of ours exits with 70, and asks to be reported', async () => {
  const bug = "import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('boom') }"
  const ran = await plainwire(['get', 'http://127.0.0.1:1/'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}`,
  })
  expect(ran).toMatchObject({ exitCode: 70, stdout: '' })
  expect(ran.stderr).toMatch(/^plainwire: Error: boom\. This is a bug in plainwire; please report it\.\n$/)
})

test('a password in a URL is not repeated', async () => {
  const port = await unusedPort()
  const { exitCode, stderr } = await plainwire(['get', `http://user:secret@127.0.0.1:${port}/`])
  expect(exitCode).toBe(7)
  expect(stderr).not.toMatch(/secret/)
})

describe('an answer that is no exits with 1', () => {
  test('a port without a service', async () => {
    await fails(['service', '64999/tcp'], 1, '64999/tcp')
  })
})

test('a fault speaks Spanish where the locale does', async () => {
  const { stderr } = await plainwire(['time', 'nosuch.invalid'], { LC_ALL: 'es_ES.UTF-8' })
  expect(stderr).toMatch(/Revisa cómo está escrito/)
})
