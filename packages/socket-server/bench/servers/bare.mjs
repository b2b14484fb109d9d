// What everybody begins with: node:net, on('data') and write.
import { createServer } from 'node:net'

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('data', (bytes) => socket.write(bytes))
  socket.on('error', () => {})
})
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(`listening ${server.address().port}`))
