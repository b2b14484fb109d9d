import { parentPort } from 'node:worker_threads'
import { serveNtp } from '@plainwire/ntp-client/server'

const server = await serveNtp({ port: 0 })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(server.port)
