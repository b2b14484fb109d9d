// You will see the 48 bytes that ask a server for the time, the 48 that answer, and the time in them.

import { createSocket } from 'node:dgram'

const target = process.argv[2] ?? 'pool.ntp.org'
const request = Buffer.alloc(48)
request[0] = 0b00_100_011 // leap 0, version 4, mode 3: a client asks
crypto.getRandomValues(request.subarray(40)) // the answer has to repeat these eight

try {
  const { hostname, port } = new URL(`ntp://${target.replace('ntp://', '')}`)
  const host = hostname.replace(/^\[|\]$/g, '')
  await using socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const answer = await new Promise<Buffer>((resolve, reject) => {
    setTimeout(() => reject(new Error('no answer within 5 seconds')), 5000).unref()
    socket.on('error', reject)
    socket.on('connect', () => socket.send(request))
    socket.on('message', (datagram) => {
      if (datagram.length >= 48 && datagram.subarray(24, 32).equals(request.subarray(40))) resolve(datagram)
    })
    socket.connect(Number(port || 123), host)
  })
  const seconds = answer.readUInt32BE(40) + answer.readUInt32BE(44) / 2 ** 32 // since 1900, until 2036
  console.log(`request: ${request.toString('hex')}`)
  console.log(`answer:  ${answer.toString('hex')}`)
  console.log(`time:    ${new Date((seconds - 2_208_988_800) * 1000).toISOString()}`)
} catch (error) {
  console.error(`time from ${target}: ${(error as Error).message}`)
  process.exitCode = 1
}
