// The system's services file where there is one, IANA's registry where there is none.

import { join } from 'node:path'
import { NetworkError, networkError } from './protocol/errors.ts'
import {
  ianaServices,
  parseServices,
  type Service,
  type ServiceTable,
  type TransportProtocol,
} from './protocol/services.ts'

/** Which table answers: that of this host, which its owner may have edited, or the same one everywhere. */
export interface ServicesOptions {
  /** Default: the system's file if there is one, else IANA's registry. */
  readonly source?: 'system' | 'iana'
}

/**
 * The service of a port, undefined if it has none: `(80, 'tcp')` is `http`. The table is read once for the life of the
 * process; loadServices reads it anew. RangeError for a port outside 0 to 65535, TypeError for a protocol other than
 * tcp, udp, sctp and dccp; NetworkError as loadServices.
 */
export async function serviceByPort(
  port: number,
  protocol?: TransportProtocol,
  options: ServicesOptions = {},
): Promise<Service | undefined> {
  return (await loadedServices(options.source)).byPort(port, protocol)
}

/** The service with this name or alias, upper and lower case apart, undefined if there is none. Else as serviceByPort. */
export async function serviceByName(
  name: string,
  protocol?: TransportProtocol,
  options: ServicesOptions = {},
): Promise<Service | undefined> {
  return (await loadedServices(options.source)).byName(name, protocol)
}

/**
 * A table to look things up in without waiting. Reads the system's file each time; NetworkError `permission-denied` if
 * that cannot be read, `unsupported` if `source: 'system'` is asked for where there is none.
 */
export function loadServices(options: ServicesOptions = {}): Promise<ServiceTable> {
  return loadServicesFrom(servicesFile(process.platform, process.env), options.source)
}

export async function loadServicesFrom(path: string, source?: 'system' | 'iana'): Promise<ServiceTable> {
  if (source !== undefined && source !== 'system' && source !== 'iana') {
    throw new TypeError(`source must be 'system' or 'iana', got ${String(source)}`)
  }
  if (source === 'iana') return ianaServices()
  const { readFile } = await import('node:fs/promises') // with it comes all of readline: 4 ms that no other look-up needs
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw networkError(`read ${path}`, error)
  })
  if (text !== undefined) return parseServices(text)
  if (source === undefined) return ianaServices()
  throw new NetworkError('unsupported', `this system has no services file: ${path} does not exist`)
}

export function servicesFile(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform !== 'win32') return '/etc/services'
  return join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'services')
}

const loaded = new Map<'system' | 'iana' | undefined, ServiceTable>()

async function loadedServices(source: 'system' | 'iana' | undefined): Promise<ServiceTable> {
  const known = loaded.get(source)
  if (known) return known
  const table = await loadServices({ ...(source && { source }) })
  loaded.set(source, table)
  return table
}
