// PROXY headers that real proxies write, read by ours; and ours, read by them.

import { existsSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { waitForPort } from '@plainwire/socket-utils'
import { describeWithPeer, type Peer, startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeProxyHeader, type ProxyAddresses, type ProxyHeader, ProxyTlvType } from '../../src/proxy-header.ts'
import { type Captured, captureHeaders } from '../proxy/capture.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Sends, and gives what came back until the peer finished; with the port that it came from. */
async function converse(
  to: NetConnectOpts,
  ...parts: (Uint8Array | string)[]
): Promise<{ port: number; reply: string }> {
  const socket = connect(to)
  await once(socket, 'connect')
  const port = socket.localPort ?? 0
  for (const part of parts) socket.write(part)
  return { port, reply: await text(socket) }
}

/** What the server behind a proxy read in front of this client's bytes. */
async function captured(to: NetConnectOpts): Promise<Captured & { readonly clientPort: number }> {
  const { port, reply } = await converse(to, 'hello')
  return { ...(JSON.parse(reply) as Captured), clientPort: port }
}

const ipv4: ProxyAddresses = {
  family: 'ipv4',
  transport: 'stream',
  source: { host: '192.0.2.17', port: 4660 },
  destination: { host: '198.51.100.2', port: 443 },
}
const ipv6: ProxyAddresses = {
  family: 'ipv6',
  transport: 'stream',
  source: { host: '2001:db8::17', port: 4660 },
  destination: { host: '2001:db8:1:2:3:4:5:6', port: 443 },
}

describeWithPeer('haproxy', 'beside HAProxy', (program) => {
  const directory = temporaryDirectory()
  const ports = { v1: 0, v2: 0, checked: 0, accepting: 0 }
  let capture: Awaited<ReturnType<typeof captureHeaders>>
  let haproxy: Peer

  beforeAll(async () => {
    capture = await captureHeaders()
    for (const name of Object.keys(ports) as (keyof typeof ports)[]) ports[name] = await unusedPort()
    const forward = (name: keyof typeof ports, options: string): string => `
frontend to-${name}
  bind 127.0.0.1:${ports[name]}
  bind [::1]:${ports[name]}
  bind ${directory.path}/${name}.sock
  default_backend ${name}
backend ${name}
  server ours 127.0.0.1:${capture.port} ${options}`
    writeFileSync(
      join(directory.path, 'haproxy.cfg'),
      `global
  maxconn 100
defaults
  timeout connect 5s
  timeout client 5s
  timeout server 5s
${forward('v1', 'send-proxy')}
${forward('v2', 'send-proxy-v2')}
${forward('checked', 'send-proxy-v2 proxy-v2-options crc32c,unique-id,authority')}
frontend accepting
  mode http
  bind 127.0.0.1:${ports.accepting} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[dst_port] <%[fc_pp_unique_id]> <%[fc_pp_authority]>"
`.replace('default_backend checked', 'unique-id-format %{+X}o\\ %ci:%cp\n  default_backend checked'),
    )
    haproxy = startPeer(program, ['-db', '-f', join(directory.path, 'haproxy.cfg')])
    for (const port of Object.values(ports)) await waitForPort({ host: '127.0.0.1', port, timeoutMs: 10_000 })
  })

  afterAll(async () => {
    await haproxy[Symbol.asyncDispose]()
    await capture[Symbol.asyncDispose]()
    directory[Symbol.dispose]()
  })

  test.each([
    ['v1 over IPv4', 'v1', 1, '127.0.0.1', 'ipv4'],
    ['v1 over IPv6', 'v1', 1, '::1', 'ipv6'],
    ['v2 over IPv4', 'v2', 2, '127.0.0.1', 'ipv4'],
    ['v2 over IPv6', 'v2', 2, '::1', 'ipv6'],
  ] as const)('its send-proxy, %s, names the client', async (_, name, version, host, family) => {
    const port = ports[name]
    const seen = await captured({ host, port })
    const source = { host, port: seen.clientPort }
    expect(seen.header).toEqual({
      version,
      command: 'proxy',
      addresses: { family, transport: 'stream', source, destination: { host, port } },
    })
    // Ours are the same bytes.
    expect(Buffer.from(encodeProxyHeader(seen.header)).toString('hex')).toBe(seen.wire)
  })

  test('its checksum and unique id', async () => {
    const port = ports.checked
    const { header, wire, clientPort } = await captured({ host: '127.0.0.1', port })
    const id = `7F000001:${clientPort.toString(16).toUpperCase()}`
    expect(header.tlvs?.map(({ type }) => type)).toEqual([ProxyTlvType.uniqueId])
    expect(String(Buffer.from(wire, 'hex').subarray(-id.length))).toBe(id)
    // It was read, so the checksum in front of the id was right.
    expect(wire.slice(2 * 28, 2 * 31)).toBe('030004')
  })

  test('for a client on a Unix socket it names nobody', async () => {
    const v1 = await captured({ path: join(directory.path, 'v1.sock') })
    expect(v1.header).toEqual({ version: 1, command: 'proxy' })
    expect(v1.wire).toBe(Buffer.from('PROXY UNKNOWN\r\n').toString('hex'))
    const v2 = await captured({ path: join(directory.path, 'v2.sock') })
    expect(v2.header).toEqual({ version: 2, command: 'local' })
  })

  describe('its accept-proxy', () => {
    const ask = async (header: ProxyHeader, checksum = false): Promise<string> => {
      const bytes = encodeProxyHeader(header, { checksum })
      const to = { host: '127.0.0.1', port: ports.accepting }
      const { reply } = await converse(to, bytes, 'GET / HTTP/1.0\r\n\r\n')
      return reply.split('\r\n\r\n')[1] ?? ''
    }

    test('reads our version 1', async () => {
      expect(await ask({ version: 1, command: 'proxy', addresses: ipv4 })).toBe(
        '192.0.2.17 4660 198.51.100.2 443 <> <>',
      )
      expect(await ask({ version: 1, command: 'proxy', addresses: ipv6 })).toBe(
        '2001:db8::17 4660 2001:db8:1:2:3:4:5:6 443 <> <>',
      )
      expect(await ask({ version: 1, command: 'proxy' })).toMatch(/^127\.0\.0\.1 [0-9]+ 127\.0\.0\.1 [0-9]+ <> <>$/)
    })

    test('reads our version 2, with its TLVs and checksum', async () => {
      const tlvs = [
        { type: ProxyTlvType.authority, value: ascii('plainwire.example') },
        { type: ProxyTlvType.uniqueId, value: ascii('id-1') },
      ]
      expect(await ask({ version: 2, command: 'proxy', addresses: ipv4, tlvs }, true)).toBe(
        '192.0.2.17 4660 198.51.100.2 443 <id-1> <plainwire.example>',
      )
      expect(await ask({ version: 2, command: 'proxy', addresses: ipv6 }, true)).toBe(
        '2001:db8::17 4660 2001:db8:1:2:3:4:5:6 443 <> <>',
      )
      expect(await ask({ version: 2, command: 'local' })).toMatch(/^127\.0\.0\.1 [0-9]+ 127\.0\.0\.1 [0-9]+ <> <>$/)
    })

    test('refuses ours where its checksum is wrong, as ours does', async () => {
      const broken = encodeProxyHeader({ version: 2, command: 'proxy', addresses: ipv4 }, { checksum: true })
      broken[19]! ^= 1
      const to = { host: '127.0.0.1', port: ports.accepting }
      await expect(converse(to, broken, 'GET / HTTP/1.0\r\n\r\n')).rejects.toMatchObject({ code: 'ECONNRESET' })
    })
  })
})

/** Debian has it in libnginx-mod-stream; only with it does nginx write PROXY headers. */
const STREAM_MODULE = process.env['NGINX_STREAM_MODULE'] ?? '/usr/lib/nginx/modules/ngx_stream_module.so'

describeWithPeer('nginx', 'beside nginx', (program) => {
  const hasStream = existsSync(STREAM_MODULE)
  if (!hasStream)
    process.stderr.write(`\n!!! SKIPPED: nginx as a proxy — no ${STREAM_MODULE} (libnginx-mod-stream)\n\n`)
  const directory = temporaryDirectory()
  const ports = { reading: 0, writing: 0 }
  let capture: Awaited<ReturnType<typeof captureHeaders>>
  let nginx: Peer

  beforeAll(async () => {
    capture = await captureHeaders()
    ports.reading = await unusedPort()
    ports.writing = await unusedPort()
    const stream = `stream {
  server {
    listen 127.0.0.1:${ports.writing};
    listen [::1]:${ports.writing};
    proxy_pass 127.0.0.1:${capture.port};
    proxy_protocol on;
  }
}`
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    writeFileSync(
      join(directory.path, 'nginx.conf'),
      `${hasStream ? `load_module ${STREAM_MODULE};` : ''}
daemon off;
master_process off;
pid ${directory.path}/nginx.pid;
error_log stderr crit;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${directory.path}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${ports.reading} proxy_protocol;
    return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port";
  }
}
${hasStream ? stream : ''}
`,
    )
    nginx = startPeer(program, ['-e', 'stderr', '-p', directory.path, '-c', join(directory.path, 'nginx.conf')])
    await waitForPort({ host: '127.0.0.1', port: ports.reading, timeoutMs: 10_000 })
  })

  afterAll(async () => {
    await nginx[Symbol.asyncDispose]()
    await capture[Symbol.asyncDispose]()
    directory[Symbol.dispose]()
  })

  test.each([
    [1, ipv4, '192.0.2.17 4660 198.51.100.2 443'],
    [1, ipv6, '2001:db8::17 4660 2001:db8:1:2:3:4:5:6 443'],
    [2, ipv4, '192.0.2.17 4660 198.51.100.2 443'],
    [2, ipv6, '2001:db8::17 4660 2001:db8:1:2:3:4:5:6 443'],
    [1, undefined, '   '],
  ] as const)('its proxy_protocol reads our version %i: %j', async (version, addresses, expected) => {
    const header = encodeProxyHeader({ version, command: 'proxy', addresses })
    const { reply } = await converse({ host: '127.0.0.1', port: ports.reading }, header, 'GET / HTTP/1.0\r\n\r\n')
    expect(reply.split('\r\n\r\n')[1]).toBe(expected)
  })

  test.runIf(hasStream).each([
    ['127.0.0.1', 'ipv4'],
    ['::1', 'ipv6'],
  ] as const)('its proxy_protocol on names the client, over %s', async (host, family) => {
    const port = ports.writing
    const seen = await captured({ host, port })
    const source = { host, port: seen.clientPort }
    const addresses = { family, transport: 'stream', source, destination: { host, port } }
    expect(seen.header).toEqual({ version: 1, command: 'proxy', addresses })
    expect(Buffer.from(encodeProxyHeader(seen.header)).toString('hex')).toBe(seen.wire)
  })
})
