// The server's side of TLS: wraps a connection that stands, at its beginning or later (STARTTLS).

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { createServer, type Server, type TlsOptions, TLSSocket } from 'node:tls'
import { quoted } from '@plainwire/socket-utils/errors'

/** As in node:tls, with its defaults; alpnProtocols are what we can speak, best first. */
export interface TlsSettings extends Pick<
  TlsOptions,
  | 'ca'
  | 'cert'
  | 'ciphers'
  | 'key'
  | 'maxVersion'
  | 'minVersion'
  | 'passphrase'
  | 'pfx'
  | 'rejectUnauthorized'
  | 'requestCert'
  | 'sessionTimeout'
  | 'SNICallback'
  | 'ticketKeys'
> {
  readonly alpnProtocols?: readonly string[] | undefined
}

/** What was agreed on in the handshake. */
export interface TlsSession {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** The IETF's name, such as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  readonly alpn: string | undefined
  /** The name that the client asked for (SNI). */
  readonly servername: string | undefined
  /** With `requestCert`: the client's certificate was shown to be good. */
  readonly authorized: boolean
}

/** How a handshake ends: one of them is called, unless the connection closes first. */
export interface Handshake {
  readonly done: (secured: TLSSocket) => void
  readonly failed: (error: Error) => void
}

/** Settings that were read once, for any number of connections. TypeError for what OpenSSL cannot read. */
export class TlsAcceptor {
  readonly #server: Server
  // tls.Server tells of a connection by its TLSSocket alone, and not over which socket it is: the context does.
  readonly #handshake = new AsyncLocalStorage<Handshake>()

  constructor(settings: TlsSettings) {
    const { alpnProtocols, ...options } = settings
    const more = { ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }), handshakeTimeout: 2 ** 31 - 1 }
    try {
      this.#server = createServer({ ...options, ...more })
    } catch (cause) {
      if (cause instanceof TypeError || cause instanceof RangeError) throw cause
      throw new TypeError(`tls: ${cause instanceof Error ? cause.message : quoted(cause)}`, { cause })
    }
    this.#server.on('secureConnection', (secured: TLSSocket) => this.#handshake.getStore()?.done(secured))
    this.#server.on('tlsClientError', (error: Error) => this.#handshake.getStore()?.failed(error))
  }

  /** New certificates for connections to come; those that stand keep theirs. */
  renew(settings: Pick<TlsSettings, 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx'>): void {
    this.#server.setSecureContext(settings)
  }

  /** Begins the handshake over a socket that nobody reads from. One of the two is called, unless the socket closes first. */
  accept(socket: Socket, handshake: Handshake): void {
    const done = (secured: TLSSocket): void => {
      carriers.set(secured, socket)
      handshake.done(secured)
    }
    this.#handshake.run({ ...handshake, done }, () => this.#server.emit('connection', socket))
  }
}

/** By the socket inside TLS, the one that carries it. */
const carriers = new WeakMap<Socket, Socket>()

/** The socket that has the descriptor: the one below TLS, else itself. */
export function carrierOf(socket: Socket): Socket {
  const below = carriers.get(socket)
  return below === undefined ? socket : carrierOf(below)
}

/** As it is, or made of settings. */
export function tlsAcceptor(tls: TlsSettings | TlsAcceptor): TlsAcceptor {
  return tls instanceof TlsAcceptor ? tls : new TlsAcceptor(tls)
}

/** Undefined where there is no TLS. */
export function tlsSession(socket: Socket): TlsSession | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || undefined,
    servername: typeof socket.servername === 'string' ? socket.servername : undefined,
    authorized: socket.authorized,
  }
}
