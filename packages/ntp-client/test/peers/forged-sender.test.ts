// A datagram whose sender is forged as port 0 can only be made with a raw socket, which needs root.

import { describeWithPeer, startPeer } from '@plainwire/testing'
import { expect, test } from 'vitest'
import { query } from '../../src/index.ts'
import { serveNtp } from '../../src/server.ts'

const SEND_FROM_PORT_0 = `
import socket, struct, sys
port, request = int(sys.argv[1]), b"\\x23" + bytes(47)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
raw.sendto(struct.pack("!HHHH", 0, port, 8 + len(request), 0) + request, ("127.0.0.1", 0))
`

describeWithPeer('python3', 'the server and a forged sender', (python) => {
  test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'a request from port 0, to which nothing can be sent, is counted and survived',
    async () => {
      await using server = await serveNtp({ port: 0 })
      await using forger = startPeer(python, ['-c', SEND_FROM_PORT_0, String(server.port)])
      expect(await forger.exited, forger.output()).toBe(0)
      await query(`127.0.0.1:${server.port}`, { samples: 1 })
      expect(server.ignored).toEqual({ 'network-error': 1 })
      expect(server.answered).toBe(1)
    },
  )
})
