// Python's socket module on both sides: its client against each of our servers, and our lessons' servers beside Python's
// own, written from the same description, in the same conversation.

import { fileURLToPath } from 'node:url'
import { describeWithPeer, type Peer, runNode, runProgram, startPeer } from '@plainwire/testing'
import { describe, expect, test } from 'vitest'
import { echo } from '../../src/echo.ts'
import { bindOnly, serveConcurrently, serveIteratively, serveOnce, serveThreadPerClient } from '../../src/index.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

describeWithPeer('python3', 'Python’s socket module', (python) => {
  const converse = async (port: number, messages: readonly string[]): Promise<string[]> => {
    await using client = startPeer(python, [path('../fixtures/echo-client.py'), String(port), ...messages])
    const code = await client.exited
    if (code !== 0) throw new Error(client.output())
    return client.output().split('\n')
  }

  const messages = ['hello', 'ñandú\n', 'x'.repeat(5000), '']
  const replies = [
    "sent 5, received b'hello'",
    "sent 8, received b'\\xc3\\xb1and\\xc3\\xba\\n'",
    `sent 5000, received b'${'x'.repeat(5000)}'`,
    "sent 0, received b''",
  ]

  test.each([
    ['serveIteratively', () => serveIteratively(echo())],
    ['serveConcurrently', () => serveConcurrently(echo())],
    ['serveThreadPerClient', () => serveThreadPerClient(new URL('../../src/echo.ts', import.meta.url))],
  ])('its client gets everything back from %s', async (_, serve) => {
    await using server = await serve()
    expect(await converse(server.port, messages)).toEqual(replies)
    await server.close()
    expect(await server.finished).toEqual({ connections: 4, handlerErrors: 0, resets: 0, cut: 0 })
  })

  test('its client gets one message back from serveOnce', async () => {
    const server = await serveOnce(echo({ messages: 1 }))
    expect(await converse(server.port, ['only me'])).toEqual(["sent 7, received b'only me'"])
    expect((await server.finished).connections).toBe(1)
  })

  test('cannot bind a port that bindOnly holds, and can when it is closed', async () => {
    const socket = await bindOnly()
    // Without SO_REUSEADDR, which Node sets for itself.
    const bind = `import socket; socket.socket().bind(("127.0.0.1", ${socket.port})); print("bound")`
    expect(() => runProgram(python, ['-c', bind])).toThrow(/Address already in use/)
    await socket.close()
    expect(runProgram(python, ['-c', bind])).toBe('bound\n')
  })

  describe.each([
    ['once', 'server-03-echo-once.ts', ['one message'], true],
    ['iterative', 'server-04-iterative.ts', ['first', 'ñandú', 'x'.repeat(3000), ''], true],
    ['iterative', 'server-04-iterative.ts', 'abcdefghij'.split(''), true],
    ['threads', 'server-05-thread-per-client.ts', ['first', '', 'x'.repeat(3000)], false],
  ] as const)('%s: %s and Python’s own server', (strategy, example, conversation, endsItself) => {
    test(`hold the same conversation of ${conversation.length}`, async () => {
      const heldWith = async (server: Peer): Promise<string[]> => {
        const [, port] = await server.line(/^listening on 127\.0\.0\.1:(\d+)/)
        const held = await converse(Number(port), conversation)
        if (endsItself) expect(await server.exited).toBe(0)
        return held
      }
      await using theirs = startPeer(python, [path('../fixtures/echo-server.py'), strategy])
      await using ours = runNode(path(`../../examples/${example}`), ['0'])
      const expected = await heldWith(theirs)
      expect(await heldWith(ours)).toEqual(expected)
      expect(expected).toHaveLength(conversation.length)
    })
  })
})
