// The same in two processes, as node:cluster deals out connections by default.
import cluster from 'node:cluster'
import { createServer } from 'node:net'

if (cluster.isPrimary) {
  for (let count = 0; count < 2; count++) cluster.fork()
  let listening = 0
  cluster.on('listening', (_, { port }) => {
    if (++listening === 2) console.log(`listening ${port}`)
  })
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.kill('SIGKILL')
    process.exit()
  })
} else {
  createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => socket.write(bytes))
    socket.on('error', () => {})
  }).listen({ host: '127.0.0.1', port: 0, backlog: 4096 })
}
