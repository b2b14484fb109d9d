// A UDP peer on 127.0.0.1 that does what a test tells it, for a server that misbehaves on cue.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decodePacket, encodePacket, type NtpPacket, type NtpPacketFields } from '../src/packet.ts'

export interface UdpPeer extends AsyncDisposable {
  readonly port: number
  /** `host:port` */
  readonly server: string
  /** All requests so far. */
  readonly requests: readonly { readonly bytes: Uint8Array; readonly packet: NtpPacket; readonly port: number }[]
}

/** `behave` is told of each request, with its number from 1, and sends what it likes: from the
 * port that was asked, or not. Another address is 127.0.0.2, which Linux has. */
export async function startUdpPeer(
  behave: (
    packet: NtpPacket,
    count: number,
    send: (bytes: Uint8Array, from?: 'another port' | 'another address') => Promise<void>,
  ) => unknown,
  host = '127.0.0.1',
  port = 0,
): Promise<UdpPeer> {
  const type = host.includes(':') ? 'udp6' : 'udp4'
  const socket = createSocket(type)
  const another = createSocket(type)
  const elsewhere = createSocket('udp4')
  const requests: { bytes: Uint8Array; packet: NtpPacket; port: number }[] = []
  socket.on('message', (bytes, sender) => {
    const packet = decodePacket(bytes)
    requests.push({ bytes: new Uint8Array(bytes), packet, port: sender.port })
    void behave(packet, requests.length, (answer, from) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const source = { asked: socket, 'another port': another, 'another address': elsewhere }[from ?? 'asked']
      source.send(answer, sender.port, sender.address, () => resolve())
      return promise
    })
  })
  socket.bind(port, host)
  await once(socket, 'listening')
  another.bind(0, host)
  await once(another, 'listening')
  if (process.platform === 'linux') {
    elsewhere.bind(0, '127.0.0.2')
    await once(elsewhere, 'listening')
  }
  const bound = socket.address().port
  return {
    port: bound,
    server: type === 'udp6' ? `[${host}]:${bound}` : `${host}:${bound}`,
    requests,
    async [Symbol.asyncDispose]() {
      await elsewhere[Symbol.asyncDispose]()
      await another[Symbol.asyncDispose]()
      await socket[Symbol.asyncDispose]()
    },
  }
}

/** An answer that a client must believe, but for `changes`. */
export function answerTo(request: NtpPacket, changes: Partial<NtpPacketFields> = {}): Uint8Array {
  return encodePacket({
    version: 4,
    mode: 4,
    stratum: 2,
    precision: -20,
    referenceId: 0xc6336407,
    originTimestamp: request.transmitTimestamp,
    ...changes,
  })
}
