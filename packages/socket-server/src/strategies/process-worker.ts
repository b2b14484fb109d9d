// A process of serveProcesses: imports the handler's module and serves, until it is told to stop, its server is gone, or
// somebody sends it a SIGTERM; each time what is in flight is finished first.

import { NetworkError } from '@plainwire/socket-utils/errors'
import type { Connection } from '../connection.ts'
import type { Handler } from '../handler.ts'
import type { CloseOptions, RunningServer } from '../server.ts'
import { serveConcurrently } from './concurrent.ts'
import type { ProcessOrder, ProcessReport, ProcessSettings } from './process-messages.ts'

/** How old the figures that the server has of its processes may be. */
const INFO_MS = 250

if (process.send === undefined)
  throw new Error('process-worker.ts is a process of serveProcesses: it cannot be run by itself')
let server: RunningServer | undefined
/** As told last, which may be before there is a server to obey. */
let suspended = false
let closing: CloseOptions | undefined
let importing = true

// Ctrl-C reaches every process of a terminal: what it means is the server's to say.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => void close({}))
process.on('disconnect', () => void close({}))
process.on('message', (order: ProcessOrder) => {
  switch (order.type) {
    case 'start':
      suspended = order.suspended
      void start(order)
      return
    case 'close':
      void close({ graceMs: order.graceMs })
      return
    case 'suspend':
      suspended = true
      server?.suspend()
      return
    case 'resume':
      suspended = false
      server?.resume()
      return
  }
})

async function start({ moduleUrl, listeners, options }: ProcessSettings): Promise<void> {
  try {
    const { default: handler } = (await import(moduleUrl)) as { readonly default?: unknown }
    importing = false
    const onError = (error: unknown, { remote, local }: Connection): void => {
      if (!report({ type: 'fault', error, remote, local })) {
        report({ type: 'fault', error: new Error(String(error)), remote, local }) // something in it cannot cross
      }
    }
    const running = await serveConcurrently(handler as Handler, { ...options, listeners, onError })
    server = running
    report({ type: 'listening', addresses: running.addresses.map(addressOf) })
  } catch (error) {
    // Across the channel an error keeps its message, and no fields.
    const code = error instanceof NetworkError ? error.code : undefined
    const end = (): never => process.exit(1)
    if (!report({ type: 'failed', error, code }, end)) {
      report({ type: 'failed', error: new Error(String(error)), code }, end)
    }
    return
  }
  if (suspended) server?.suspend()
  if (closing) void close(closing)
  setInterval(tellInfo, INFO_MS).unref()
}

async function close(options: CloseOptions): Promise<void> {
  if (importing) process.exit() // nobody is served here yet, and the module may take its time
  closing = options
  if (server === undefined) return
  const running: RunningServer = server
  await running.close(options)
  report({ type: 'closed', info: running.info(), summary: await running.finished })
  if (process.connected) process.disconnect?.()
  // Whatever the module has left running: the server waits for this process.
  setTimeout(() => process.exit(), 1000).unref()
}

let told = ''
function tellInfo(): void {
  if (server === undefined || !process.connected) return
  const info = server.info()
  const text = JSON.stringify(info)
  if (text !== told) report({ type: 'info', info })
  told = text
}

/** False if it cannot cross. `sent` is called when it is on its way. */
function report(message: ProcessReport, sent: () => void = () => {}): boolean {
  try {
    // The server may be gone already: then nobody wants to know.
    if (process.connected) process.send?.(message, undefined, {}, sent)
    else sent()
    return true
  } catch {
    return false
  }
}

function addressOf(endpoint: RunningServer['addresses'][number]): { readonly host: string; readonly port: number } {
  return 'path' in endpoint ? { host: endpoint.path, port: 0 } : { host: endpoint.host, port: endpoint.port }
}
