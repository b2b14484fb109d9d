// TLS over a connection that stands. Loaded when first asked for: node:tls is not for those who do without.

import net from 'node:net'
import tls from 'node:tls'
import { monotonicMs } from './monotonic.ts'
import type { StepReporter } from './progress.ts'
import { formatEndpoint } from './protocol/endpoint.ts'
import { NetworkError, networkError, quoted, WireError } from './protocol/errors.ts'

/** All but alpnProtocols as in node:tls, with its defaults. */
export interface TlsSettings extends Pick<
  tls.ConnectionOptions,
  'ca' | 'cert' | 'ciphers' | 'key' | 'maxVersion' | 'minVersion' | 'passphrase' | 'rejectUnauthorized'
> {
  /** The name to ask for (SNI, RFC 6066 §3) and to find in the certificate. Default: the host. */
  readonly servername?: string
  /** What we could speak, best first (RFC 7301): `['h2', 'http/1.1']`. Default: nothing is said. */
  readonly alpnProtocols?: readonly string[]
}

/** What the handshake settled. */
export interface TlsSession {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** The IETF's name, such as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  /** What the server chose of alpnProtocols; undefined if it does not say. */
  readonly alpn: string | undefined
  /** False only with `rejectUnauthorized: false`: whoever is there, it is not shown to be the one that was asked for. */
  readonly authorized: boolean
}

/** The handshake, from the first byte of ClientHello to its end or its fault; `elapsedMs` with fractions. */
export type TlsStep =
  | (TlsSession & { readonly step: 'tls'; readonly elapsedMs: number; readonly error?: undefined })
  | { readonly step: 'tls'; readonly elapsedMs: number; readonly error: WireError }

/** Reads the settings, so that a mistake in them costs no connection. Throws TypeError for what OpenSSL cannot read. */
export function readTlsSettings(settings: true | TlsSettings): tls.ConnectionOptions {
  const { alpnProtocols, servername, rejectUnauthorized = true, ...context } = settings === true ? {} : settings
  if (servername !== undefined && net.isIP(servername) !== 0) {
    throw new TypeError(`servername must be a name (RFC 6066 §3), got the address ${quoted(servername)}`)
  }
  let secureContext: tls.SecureContext
  try {
    secureContext = tls.createSecureContext(context)
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) throw cause
    throw new TypeError(`tls: ${cause instanceof Error ? cause.message : quoted(cause)}`, { cause })
  }
  return {
    secureContext,
    rejectUnauthorized,
    ...(servername !== undefined && { servername }),
    ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
  }
}

export interface TlsConnection {
  readonly socket: tls.TLSSocket
  readonly session: TlsSession
}

/** The handshake with `host` over `socket`, which is closed should it fail. */
export async function connectTls(
  socket: net.Socket,
  { host, port }: { readonly host: string; readonly port: number },
  settings: tls.ConnectionOptions,
  progress: StepReporter<TlsStep>,
): Promise<TlsConnection> {
  const operation = `TLS handshake with ${formatEndpoint({ host, port })}`
  const startedAt = monotonicMs()
  const servername = net.isIP(host) === 0 ? host.replace(/\.$/, '') : undefined
  // `host` is what the certificate must be for where no name is asked for.
  const secured = tls.connect({ host, ...(servername !== undefined && { servername }), ...settings, socket })
  const elapsedMs = (): number => monotonicMs() - startedAt

  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const failed = (cause: Error): void => reject(handshakeError(operation, cause))
  secured.on('secureConnect', resolve).on('error', failed)
  progress.addEventListener('abort', () => reject(progress.reason))
  try {
    await promise
  } catch (reason) {
    secured.on('error', () => {}).destroy() // and `socket` with it
    const error = reason instanceof WireError ? reason : new WireError('abandoned', `${operation}: given up`)
    progress.report({ step: 'tls', elapsedMs: elapsedMs(), error })
    throw reason
  } finally {
    secured.off('secureConnect', resolve).off('error', failed)
  }
  const session: TlsSession = {
    version: secured.getProtocol() ?? 'unknown',
    cipher: secured.getCipher().standardName,
    alpn: secured.alpnProtocol || undefined,
    authorized: secured.authorized,
  }
  progress.report({ step: 'tls', elapsedMs: elapsedMs(), ...session })
  progress.throwIfEnded(secured)
  return { socket: secured, session }
}

/** Node gives a peer that hangs up the code of a reset; a real one has been read from the socket. */
function handshakeError(operation: string, cause: NodeJS.ErrnoException): WireError {
  if (cause.code === 'ECONNRESET' && cause.syscall === undefined) {
    return new NetworkError('connection-closed', `${operation}: connection closed by peer`, { cause })
  }
  return networkError(operation, cause)
}
