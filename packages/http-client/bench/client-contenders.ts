import http from 'node:http'
import net from 'node:net'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ConnectionPool, get } from '@plainwire/http-client'

export interface Contender {
  readonly name: string
  /** One request; gives the length of the body. */
  ask(url: string): Promise<number>
  close?(): unknown
}

interface Undici {
  request(url: string, options: object): Promise<{ body: { bytes(): Promise<Uint8Array> } }>
  Agent: new (options: object) => { close(): Promise<void> }
}

const peers = process.env['PLAINWIRE_HTTP_PEERS']
const undici = peers === undefined ? undefined : (createRequire(join(peers, 'x.js'))('undici') as Undici)

export const missing: readonly string[] = undici
  ? []
  : ['undici: set PLAINWIRE_HTTP_PEERS (see the top of bench/client.ts)']

/** What a request costs that only needs to know that bytes came: the floor. */
const bare: Contender = {
  name: 'node:net without a parser',
  ask: (url) =>
    new Promise((resolve, reject) => {
      const port = Number(new URL(url).port)
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
      let last: Buffer | undefined
      socket.on('data', (bytes: Buffer) => (last = bytes))
      socket.on('error', reject)
      socket.on('close', () => resolve(last?.subarray(last.indexOf('\r\n\r\n') + 4).length ?? 0))
      socket.write(`GET / HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    }),
}

function bareKeptAlive(): Contender {
  const resting: net.Socket[] = []
  return {
    name: 'node:net without a parser',
    ask: (url) =>
      new Promise((resolve, reject) => {
        const port = Number(new URL(url).port)
        const socket = resting.pop() ?? net.connect({ host: '127.0.0.1', port, noDelay: true })
        socket.once('error', reject)
        socket.once('data', (bytes: Buffer) => {
          socket.off('error', reject)
          resting.push(socket)
          resolve(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).length)
        })
        socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
      }),
    close: () => resting.forEach((socket) => socket.destroy()),
  }
}

function nodeHttp(agent: http.Agent | false): Contender {
  return {
    name: 'node:http',
    ask: (url) =>
      new Promise((resolve, reject) => {
        http
          .get(url, { agent }, (response) => {
            const pieces: Buffer[] = []
            response.on('data', (bytes: Buffer) => pieces.push(bytes))
            response.on('end', () => resolve(Buffer.concat(pieces).length))
          })
          .on('error', reject)
      }),
    close: () => agent && agent.destroy(),
  }
}

function undiciWith(options: object): Contender[] {
  if (!undici) return []
  const dispatcher = new undici.Agent(options)
  const ask = async (url: string): Promise<number> =>
    (await (await undici.request(url, { dispatcher })).body.bytes()).length
  return [{ name: 'undici', ask, close: () => dispatcher.close() }]
}

const pool = new ConnectionPool({ maxPerOrigin: 64 })

export type Kind = 'connections' | 'keep-alive'

export const contenders: Readonly<Record<Kind, readonly Contender[]>> = {
  connections: [
    bare,
    { name: 'plainwire, HTTP/1.0', ask: async (url) => (await (await get(url)).bytes()).length },
    nodeHttp(false),
    ...undiciWith({ pipelining: 0 }),
    {
      name: 'fetch',
      ask: async (url) => (await (await fetch(url, { headers: { connection: 'close' } })).arrayBuffer()).byteLength,
    },
  ],
  'keep-alive': [
    bareKeptAlive(),
    {
      name: 'plainwire, HTTP/1.1 with a pool',
      ask: async (url) => (await (await get(url, { pool })).bytes()).length,
      close: () => pool.close(),
    },
    nodeHttp(new http.Agent({ keepAlive: true, maxSockets: 64 })),
    ...undiciWith({ connections: 64 }),
    { name: 'fetch', ask: async (url) => (await (await fetch(url)).arrayBuffer()).byteLength },
  ],
}
