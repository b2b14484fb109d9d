// A thread for each contender: what one does to the compiler's guesses about node:net is not another's burden.

import { parentPort, workerData } from 'node:worker_threads'
import { contenders, type Kind } from './client-contenders.ts'

const { kind, name, url, requests, concurrency } = workerData as {
  readonly kind: Kind
  readonly name: string
  readonly url: string
  readonly requests: number
  readonly concurrency: number
}
const contender = contenders[kind].find((contender) => contender.name === name)
if (!contender || !parentPort) throw new Error(`no ${name}`)
const port = parentPort

async function round(): Promise<number> {
  const before = process.threadCpuUsage()
  let left = requests
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const length = await contender?.ask(url)
      if (length !== 13) throw new Error(`${name}: a body of ${String(length)} bytes`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / requests
}

async function obey(wish: 'round' | 'end'): Promise<void> {
  if (wish === 'round') {
    port.postMessage(await round())
  } else {
    await contender?.close?.()
    port.close()
  }
}

port.on('message', (wish: 'round' | 'end') => {
  void obey(wish) // what it throws ends the bench
})
