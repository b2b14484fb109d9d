import type { ServiceOptions } from './service.ts'
import { TlsAcceptor } from './tls.ts'

/**
 * What a Service in another thread or process has to be told, checked: TypeError for what cannot cross, a function or a
 * TlsAcceptor.
 */
export function serviceOptionsThatCross(options: ServiceOptions): ServiceOptions {
  const { deadlines, keepAliveMs, maxQueuedBytes, proxyProtocol, tls } = options
  if (tls instanceof TlsAcceptor)
    throw new TypeError('tls must be settings: a TlsAcceptor cannot cross to another thread')
  try {
    return structuredClone({ deadlines, keepAliveMs, maxQueuedBytes, proxyProtocol, tls }) as ServiceOptions
  } catch (cause) {
    throw new TypeError('tls and proxyProtocol must be plain: a function cannot cross to another thread', { cause })
  }
}
