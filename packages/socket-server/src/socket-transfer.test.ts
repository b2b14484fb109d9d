import { MessagePort } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { canTransferSockets } from './socket-transfer.ts'

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
