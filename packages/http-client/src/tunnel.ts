// A tunnel through a proxy (CONNECT, RFC 9110 §9.3.6), and the server's TLS in it.

import { isIP, type Socket } from 'node:net'
import tls from 'node:tls'
import type { TlsSession, TlsSettings } from '@plainwire/socket-utils/connect'
import { formatEndpoint } from '@plainwire/socket-utils/endpoint'
import { NetworkError, networkError, quoted } from '@plainwire/socket-utils/errors'
import { basicAuthorization, credentialsOf } from './basic-auth.ts'
import { encodeRequest } from './protocol/encoder.ts'
import { ResponseParser, type ResponseHead } from './protocol/response-parser.ts'
import type { RequestPlan } from './request-plan.ts'
import type { OpeningContext } from './transport.ts'

/** Over a connection to the proxy, which is closed should it fail. */
export async function openTunnel(
  socket: Socket,
  { host, port }: RequestPlan,
  proxy: URL,
  settings: TlsSettings,
  { deadline, phases, onStep }: OpeningContext,
): Promise<{ readonly socket: Socket; readonly session: TlsSession }> {
  const onAbort = (): void => void socket.destroy()
  deadline.addEventListener('abort', onAbort)
  try {
    await askForTunnel(socket, formatEndpoint({ host, port }), proxy)
    const startedAt = performance.now()
    phases?.enter('tls')
    const secured = await handshake(socket, { host, port }, settings)
    const session: TlsSession = {
      version: secured.getProtocol() ?? 'unknown',
      cipher: secured.getCipher().standardName,
      alpn: secured.alpnProtocol || undefined,
      authorized: secured.authorized,
    }
    onStep?.({ step: 'tls', elapsedMs: performance.now() - startedAt, ...session })
    deadline.throwIfAborted()
    return { socket: secured, session }
  } catch (error) {
    socket.destroy()
    throw deadline.aborted ? deadline.reason : error
  } finally {
    deadline.removeEventListener('abort', onAbort)
  }
}

async function askForTunnel(socket: Socket, authority: string, proxy: URL): Promise<void> {
  const operation = `CONNECT ${authority} through ${proxy.host}`
  const credentials = credentialsOf(proxy)
  const headers: [string, string][] = [['Host', authority]]
  if (credentials) headers.push(['Proxy-Authorization', basicAuthorization(credentials)])
  socket.write(encodeRequest({ method: 'CONNECT', requestTarget: authority, version: '1.1', headers }))
  const { head, surplus } = await headFrom(socket, operation)
  if (head.statusCode < 200 || head.statusCode > 299) {
    const code = head.statusCode === 407 ? 'permission-denied' : 'connect-refused'
    throw new NetworkError(code, `${operation}: ${head.statusCode} ${quoted(head.reasonPhrase)}`)
  }
  if (surplus.length > 0) socket.unshift(surplus)
}

async function headFrom(socket: Socket, operation: string): Promise<{ head: ResponseHead; surplus: Uint8Array }> {
  const parser = new ResponseParser({ method: 'CONNECT' })
  const { promise, resolve, reject } = Promise.withResolvers<ResponseHead>()
  const onData = (bytes: Uint8Array): void => {
    try {
      parser.push(bytes)
      for (let event = parser.next(); event; event = parser.next()) {
        if (event.type !== 'head') continue
        // Whatever follows belongs to the tunnel.
        socket.off('data', onData).pause()
        if (event.head.statusCode < 300) parser.next()
        resolve(event.head)
        return
      }
    } catch (error) {
      reject(error)
    }
  }
  const onEnd = (): void =>
    reject(new NetworkError('connection-closed', `${operation}: the proxy closed the connection`))
  const onError = (error: Error): void => reject(networkError(operation, error))
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError)
  try {
    return { head: await promise, surplus: parser.surplus }
  } finally {
    socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError)
  }
}

async function handshake(
  socket: Socket,
  server: { readonly host: string; readonly port: number },
  { servername, alpnProtocols, ...settings }: TlsSettings,
): Promise<tls.TLSSocket> {
  const { host } = server
  const operation = `TLS handshake with ${formatEndpoint(server)}`
  const name = servername ?? (isIP(host) === 0 ? host : undefined)
  const secured = tls.connect({
    ...settings,
    host,
    socket,
    ...(name !== undefined && { servername: name }),
    ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onClose = (): void => reject(new NetworkError('connection-closed', `${operation}: connection closed by peer`))
  const onError = (error: NodeJS.ErrnoException): void => {
    // Node gives a peer that hangs up the code of a reset; a real one has been read from the socket.
    if (error.code === 'ECONNRESET' && error.syscall === undefined) onClose()
    else reject(networkError(operation, error))
  }
  secured.on('secureConnect', resolve).on('error', onError).on('close', onClose)
  try {
    await promise
    return secured
  } catch (error) {
    secured.on('error', () => {}).destroy()
    throw error
  } finally {
    secured.off('secureConnect', resolve).off('error', onError).off('close', onClose)
  }
}
