import { MessagePort } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { listenTarget } from './options.ts'
import { canTransferSockets, requireSocketTransfer } from './socket-transfer.ts'

afterEach(() => void vi.restoreAllMocks())

test.each([
  ['26.6 and newer', { code: 'ERR_WORKER_HANDLE_NOT_TRANSFERABLE' }, true],
  ['older', { name: 'DataCloneError', code: 25 }, false],
])('knows by the answer of Node %s, and closes the port it asked through', (_, answer, expected) => {
  vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(() => {
    throw Object.assign(new Error('no'), answer)
  })
  const close = vi.spyOn(MessagePort.prototype, 'close')
  expect(canTransferSockets()).toBe(expected)
  expect(close).toHaveBeenCalledOnce()
})

test('finds the feature in a Node that is documented to have it', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 26 || (major === 26 && minor >= 6)) expect(canTransferSockets()).toBe(true)
  if (major < 24) expect(canTransferSockets()).toBe(false)
})

test('says who needs what this Node has not, and what no Node can do', () => {
  const who = 'a thread per client'
  expect(() => requireSocketTransfer(listenTarget({ path: '/tmp/x.sock' }), who)).toThrow(
    'listen on unix:/tmp/x.sock: a thread per client needs TCP; no Unix socket can move to a thread',
  )
  // What Node below 26.6 answers to the question.
  vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(() => {
    throw new DOMException('Found invalid value in transferList.', 'DataCloneError')
  })
  let failure: unknown
  try {
    requireSocketTransfer(listenTarget({ port: 8888 }), who)
  } catch (error) {
    failure = error
  }
  expect(failure).toMatchObject({
    name: 'NetworkError',
    code: 'unsupported',
    message:
      'listen on 127.0.0.1:8888: a thread per client needs Node 26.6 or newer, ' +
      `which can move a socket to another thread; this is ${process.version}`,
  })
})
