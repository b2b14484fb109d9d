// How processes listen at one address. Best on one socket that their server has bound and holds, without ever accepting: a
// process that dies leaves it listening, and clients wait in its backlog for the next one.

import { lookup } from 'node:dns/promises'
import net from 'node:net' // the object, since an older Node has no BoundSocket to import by name
import { NetworkError, networkError } from '@plainwire/socket-utils/errors'
import { boundTo } from '../listener.ts'
import { listenOperation, type ListenerOptions, type ListenTarget } from '../options.ts'
import { replaceStale } from '../unix-socket.ts'
import type { ListeningAt } from './process-messages.ts'

/** Where processes listen, and what they are born with for that. */
export interface SharedSockets {
  /** For each process to be born with, in this order, from 4 on. */
  readonly descriptors: readonly number[]
  readonly backlog: number
  /** What a process that is started now has to listen on. */
  listeners(): readonly ListenerOptions[]
  /** Where the first process listens. */
  boundTo(addresses: readonly ListeningAt[]): void
  addresses(): readonly ListeningAt[]
  close(): void
}

/** The first descriptor behind those of standard input, output, error and the channel to the server. */
const FIRST_DESCRIPTOR = 4

/** NetworkError where the address cannot be had, `unsupported` where nothing can be shared. */
export async function shareSockets(
  targets: readonly ListenTarget[],
  share: 'socket' | 'port' | undefined,
): Promise<SharedSockets> {
  const canShareSocket = typeof net.BoundSocket === 'function' && process.platform !== 'win32'
  const bound = targets.every((target) => 'fd' in target)
  if ((share ?? (canShareSocket || bound ? 'socket' : 'port')) === 'port') return sharedPorts(targets)
  if (!canShareSocket && !bound)
    throw unsupported(targets, 'processes can share a socket from Node 26.4 on, not on Windows')
  return sharedSockets(targets)
}

async function sharedSockets(targets: readonly ListenTarget[]): Promise<SharedSockets> {
  const sockets: net.BoundSocket[] = []
  const close = (): void => {
    for (const socket of sockets) socket[Symbol.dispose]()
  }
  const places: ListeningAt[] = []
  const descriptors: number[] = []
  for (const target of targets) {
    try {
      const [descriptor, place] = await bind(target, sockets)
      descriptors.push(descriptor)
      places.push(place)
    } catch (error) {
      close()
      throw networkError(listenOperation(target), error)
    }
  }
  const listeners = targets.map(({ backlog }, index) => ({ fd: FIRST_DESCRIPTOR + index, backlog }))
  return {
    descriptors,
    backlog: targets[0]?.backlog ?? 0,
    listeners: () => listeners,
    // A descriptor that somebody else bound tells its address only to who listens there.
    boundTo: (addresses) =>
      void places.splice(0, places.length, ...addresses.map((told, i) => (places[i]?.host ? places[i] : told))),
    addresses: () => places,
    close,
  }
}

async function bind(target: ListenTarget, sockets: net.BoundSocket[]): Promise<readonly [number, ListeningAt]> {
  if ('fd' in target) return [target.fd, { host: '', port: 0 }]
  await replaceStale(target)
  const where =
    'path' in target
      ? { path: target.path }
      : { host: (await lookup(target.host)).address, port: target.port, ipv6Only: target.ipv6Only }
  const socket = new net.BoundSocket(where)
  sockets.push(socket)
  const place = 'path' in target ? { host: target.path, port: 0 } : boundTo(socket.address())
  return [socket.fd(), place]
}

function sharedPorts(targets: readonly ListenTarget[]): SharedSockets {
  let places: readonly ListeningAt[] = []
  if (!targets.every((target) => 'port' in target)) throw unsupported(targets, 'a port can be shared only by TCP')
  if (process.platform === 'win32' || process.platform === 'darwin') {
    throw unsupported(targets, `several processes cannot listen on one port on ${process.platform}`)
  }
  return {
    descriptors: [],
    backlog: targets[0]?.backlog ?? 0,
    listeners: () =>
      targets.map((target, index) => ({
        ...target,
        port: places[index]?.port ?? ('port' in target ? target.port : 0),
        reusePort: true,
      })),
    boundTo: (addresses) => {
      places = addresses
    },
    addresses: () => places,
    close: () => {},
  }
}

function unsupported([target]: readonly ListenTarget[], why: string): NetworkError {
  const operation = target ? listenOperation(target) : 'listen'
  return new NetworkError('unsupported', `${operation}: ${why}; this is ${process.version}`)
}
