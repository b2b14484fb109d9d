import { parentPort, workerData } from 'node:worker_threads'
import { serveNtp } from '@plainwire/ntp-client/server'

const server = await serveNtp({ host: '127.0.0.2', port: workerData as number })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(server.port)
