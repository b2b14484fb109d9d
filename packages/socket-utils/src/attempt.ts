// One attempt to connect one socket to one address or path, timed.

import type net from 'node:net'
import { formatEndpoint } from './protocol/endpoint.ts'
import { networkError, WireError } from './protocol/errors.ts'

export type AttemptTarget = { readonly host: string; readonly port: number } | { readonly path: string }

/** Exactly one of these is called, once, and never before startAttempt has returned. */
export interface AttemptEnd {
  connected(elapsedMs: number): void
  failed(error: WireError, elapsedMs: number): void
  givenUp(error: WireError, elapsedMs: number): void
}

/** Begins to connect, and returns how to give up; the socket is closed unless it has connected. */
export function startAttempt(socket: net.Socket, target: AttemptTarget, end: AttemptEnd): (why: unknown) => void {
  const startedAt = performance.now()
  const letGo = (): number => {
    socket.off('connect', connected).off('error', failed)
    return performance.now() - startedAt
  }
  const connected = (): void => end.connected(letGo())
  const failed = (cause: Error): void => end.failed(networkError(connectTo(target), cause), letGo())
  socket.on('connect', connected).on('error', failed)
  socket.connect(target)

  return (why) => {
    if (socket.destroyed) return // it has failed, and said so
    socket.destroy()
    end.givenUp(why instanceof WireError ? why : new WireError('abandoned', `${connectTo(target)}: given up`), letGo())
  }
}

export function connectTo(target: AttemptTarget): string {
  return `connect to ${formatEndpoint('path' in target ? { scheme: 'unix', path: target.path } : target)}`
}
