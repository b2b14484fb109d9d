// Lines, frames and exact reads on a connection.

import { expect, test } from 'vitest'
import { encodeFrame } from '../src/framing.ts'
import { type Handler, serveConcurrently } from '../src/index.ts'
import { connectTo, converse, outcome, reply } from './client.ts'
import { connectionPair } from './pair.ts'

async function serving(handler: Handler, text: string): Promise<{ reply: string; errors: unknown[] }> {
  const errors: unknown[] = []
  await using server = await serveConcurrently(handler, { onError: (error) => errors.push(error) })
  const client = await connectTo(server.port)
  client.end(text)
  return { reply: (await outcome(client)).text, errors }
}

test('lines come one by one, however they came, as text', async () => {
  const { reply } = await serving(async (connection) => {
    for await (const line of connection.lines()) await connection.write(`<${line}>`)
  }, 'one\r\ntwö\n\nlast')
  expect(reply).toBe('<one><twö><><last>')
})

test('replies to lines of one chunk leave in one piece', async () => {
  const { client, connection, socket } = await connectionPair()
  let writes = 0
  const write = socket.write.bind(socket)
  socket.write = ((...args: Parameters<typeof write>) => {
    writes += 1
    return write(...args)
  }) as typeof socket.write
  const serve = (async () => {
    for await (const line of connection.lines()) await connection.write(`${line}\n`)
  })()
  client.write('1\n2\n3\n4\n5\n6\n7\n8\n')
  expect(await reply(client)).toBe('1\n2\n3\n4\n5\n6\n7\n8\n')
  expect(writes).toBe(1)
  client.end()
  await serve
})

test('a line that is too long is the client’s fault, and ends the connection', async () => {
  const { reply, errors } = await serving(async (connection) => {
    for await (const line of connection.lines({ maxLineBytes: 5 })) await connection.write(line)
  }, '12345\n123456\n')
  expect(errors).toMatchObject([{ name: 'ProtocolError', code: 'framing/too-long' }])
  expect(['', '12345']).toContain(reply)
})

test('frames are whole, and each has its length in front', async () => {
  const options = { lengthBytes: 2 } as const
  await using server = await serveConcurrently(async (connection) => {
    for await (const frame of connection.frames(options))
      await connection.write(encodeFrame(frame.toReversed(), options))
  })
  const frames = ['abc', '', 'x'.repeat(90)].map((text) => encodeFrame(Buffer.from(text), options))
  expect(await converse(server.port, Buffer.concat(frames).toString())).toBe(`\0\x03cba\0\0\0Z${'x'.repeat(90)}`)
})

test('what a loop over lines leaves behind is read next, by whatever reads', async () => {
  const { reply } = await serving(async (connection) => {
    for await (const line of connection.lines()) if (line === 'END') break
    await connection.write(`[${String(await connection.read(5))}]`)
    for await (const line of connection.lines()) await connection.write(`(${line})`)
  }, 'a\nEND\n12345six\nseven\n')
  expect(reply).toBe('[12345](six)(seven)')
})

test('read(bytes) gives so many, undefined at the end, and a fault in the midst', async () => {
  const got: unknown[] = []
  const { errors } = await serving(async (connection) => {
    got.push(String(await connection.read(3)), String(await connection.read(0)), String(await connection.read(4)))
    got.push(await connection.read(2))
  }, 'abcdefg')
  expect(got).toEqual(['abc', '', 'defg', undefined])
  expect(errors).toEqual([])
  const cut = await serving(async (connection) => {
    await connection.read(8)
  }, 'abcdefg')
  expect(cut.errors).toMatchObject([{ code: 'framing/truncated', message: 'the peer finished after 7 of 8 bytes' }])
  const { connection } = await connectionPair()
  expect(() => connection.read(-1)).toThrow(new RangeError('bytes must be 0 to 2147483647, got -1'))
})

test('read(bytes) puts bytes together that came one by one', async () => {
  const { client, connection } = await connectionPair()
  const all = connection.read(5)
  for (const byte of 'abcdef') {
    client.write(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(String(await all)).toBe('abcde')
  expect(String(await connection.read())).toBe('f')
})

test('a server that drains waits for the rest of a line, and answers it', async () => {
  const server = await serveConcurrently(async (connection) => {
    for await (const line of connection.lines()) await connection.write(`<${line}>`)
  })
  const client = await connectTo(server.port)
  client.write('one\nhalf a ')
  expect(await reply(client)).toBe('<one>')
  const over = outcome(client)
  const closed = server.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  client.write('line\n')
  expect(await over).toEqual({ text: '<half a line>', end: 'FIN' })
  await closed
  expect(server.info().closed.drain).toBe(1)
})

test('a handler can see that the server drains, and say goodbye', async () => {
  const server = await serveConcurrently(async (connection) => {
    while (await connection.read());
    if (connection.draining) await connection.write('421 closing\r\n')
  })
  const client = await connectTo(server.port)
  client.write('x')
  const over = outcome(client)
  await new Promise((resolve) => setTimeout(resolve, 20))
  await server.close()
  expect(await over).toEqual({ text: '421 closing\r\n', end: 'FIN' })
})
