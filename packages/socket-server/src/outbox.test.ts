import { describe, expect, test } from 'vitest'
import { outcome, until } from '../test/client.ts'
import { connectionPair, linkPair } from '../test/pair.ts'
import type { Link } from './link.ts'
import { Outbox } from './outbox.ts'

/** No two pieces of it are alike. */
function pattern(length: number, first = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => ((index + first) * 31) >> 3)
}

describe('forward()', () => {
  test('sends what came, all of it, and gives the memory back that it came in', async () => {
    const kept: Uint8Array[] = []
    const { client } = await linkPair({
      data(link, bytes) {
        link.forward(bytes)
        kept.push(bytes)
      },
    })
    const sent = pattern(1_000_000)
    const got: Buffer[] = []
    client.on('data', (bytes: Buffer) => got.push(bytes))
    client.end(sent)
    await outcome(client)
    expect(Buffer.concat(got).equals(sent)).toBe(true)
    expect(kept.some((bytes) => bytes.buffer.byteLength === 0)).toBe(true)
  })

  test('takes no memory before the kernel has the bytes: of a client that does not read, nothing is lost', async () => {
    const { client, link } = await linkPair({ data() {}, drain() {} })
    const pieces: Uint8Array[] = []
    do pieces.push(pattern(65536, pieces.length))
    while (link.forward(pieces.at(-1) as Uint8Array))
    pieces.push(pattern(65536, pieces.length))
    expect(link.forward(pieces.at(-1) as Uint8Array)).toBe(false)
    expect(pieces.map(({ length }) => length)).toEqual([...pieces.slice(2).map(() => 0), 65536, 65536])
    const expected = Buffer.concat([...pieces.map((_, index) => pattern(65536, index)), Uint8Array.of(7)])
    const got: Buffer[] = []
    client.on('data', (bytes: Buffer) => got.push(bytes))
    await until(() => link.queuedBytes === 0)
    link.write(Uint8Array.of(7))
    link.flush()
    expect(pieces.at(-1)?.length).toBe(65536)
    link.close()
    await outcome(client)
    expect(Buffer.concat(got).equals(expected)).toBe(true)
  })

  test('leaves in one piece with what is written before and after it, which stays as it is', async () => {
    const { client, link } = await linkPair({ data() {} })
    const [head, body, tail] = [pattern(5000, 1), pattern(4096, 2), pattern(5000, 3)]
    const sent = Buffer.concat([head, body, tail])
    link.write(head)
    link.forward(body)
    link.write(tail)
    expect(body.length).toBe(4096)
    const got: Buffer[] = []
    client.on('data', (bytes: Buffer) => got.push(bytes))
    link.close()
    expect([head.length, body.length, tail.length]).toEqual([5000, 0, 5000])
    await outcome(client)
    expect(Buffer.concat(got).equals(sent)).toBe(true)
  })

  test.for([
    ['a view of something larger', pattern(8192).subarray(4096)],
    ['a few bytes, which are not worth it', pattern(4095)],
    ['memory that threads share', new Uint8Array(new SharedArrayBuffer(4096))],
    ['the memory of a WebAssembly module', new Uint8Array(wasmMemory())],
    ['memory that can grow', new Uint8Array(new ArrayBuffer(4096, { maxByteLength: 8192 }))],
  ] as const)('leaves %s alone', async ([, bytes]) => {
    const { link } = await linkPair({ data() {} })
    const { length } = bytes
    expect(link.forward(bytes)).toBe(true)
    link.flush()
    expect(bytes.length).toBe(length)
    expect(bytes.buffer.byteLength).toBeGreaterThanOrEqual(length)
  })

  test('twice is a TypeError, as is what is no bytes; an empty piece is neither', async () => {
    const { link } = await linkPair({ data() {} })
    const bytes = pattern(4096)
    link.forward(bytes)
    link.flush()
    expect(() => link.forward(bytes)).toThrow(new TypeError('forward() of bytes that were forwarded already'))
    expect(() => link.forward('text' as never)).toThrow(new TypeError('forward() takes bytes, got "text"'))
    expect(link.forward(new Uint8Array(0))).toBe(true)
    expect(link.bytesWritten).toBe(4096)
  })

  test('twice in one turn sends them twice', async () => {
    const { client, link } = await linkPair({ data() {} })
    const bytes = pattern(4096)
    link.forward(bytes)
    link.forward(bytes)
    const got: Buffer[] = []
    client.on('data', (bytes: Buffer) => got.push(bytes))
    link.close()
    await outcome(client)
    expect(Buffer.concat(got).equals(Buffer.concat([pattern(4096), pattern(4096)]))).toBe(true)
  })

  test.each([
    ['write()', (link: Link, bytes: Uint8Array) => link.write(bytes)],
    ['write() of a part', (link: Link, bytes: Uint8Array) => link.write(bytes.subarray(10, 20))],
    ['forward()', (link: Link, bytes: Uint8Array) => link.forward(bytes)],
  ])('leaves alone what another link has yet to send, by %s', async (_, give) => {
    const slow = await linkPair({ data() {}, drain() {} })
    const fast = await linkPair({ data() {} })
    while (slow.link.write(pattern(65536)));
    const bytes = pattern(65536, 7)
    give(slow.link, bytes)
    fast.link.forward(bytes)
    fast.link.flush()
    expect(Buffer.from(bytes).equals(pattern(65536, 7))).toBe(true)
    fast.link.forward(bytes)
    fast.link.flush()
    expect(bytes.length).toBe(65536)
  })

  test('of a connection waits for a client that does not read, as write() does', async () => {
    const { client, connection, link } = await connectionPair()
    const bytes = pattern(4096)
    await connection.forward(bytes)
    link.flush()
    expect(bytes.length).toBe(0)
    await expect(connection.forward(bytes)).rejects.toThrow(TypeError)
    const all = connection.forward(new Uint8Array(16 * 1024 * 1024))
    let taken = false
    void all.then(() => (taken = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(taken).toBe(false)
    client.resume()
    await all
    connection.destroy()
    await expect(connection.forward(pattern(1))).rejects.toMatchObject({ code: 'connection-closed' })
  })
})

test('an outbox counts what is in it, and is empty once it was sent', async () => {
  const { socket } = await linkPair({ data() {} })
  const outbox = new Outbox()
  expect(outbox.isEmpty).toBe(true)
  outbox.sendTo(socket)
  expect(outbox.add(new Uint8Array(65535), false)).toBe(false)
  expect(outbox.add(new Uint8Array(0), true)).toBe(false)
  expect([outbox.isEmpty, outbox.bytes]).toEqual([false, 65535])
  expect(outbox.add(new Uint8Array(1), true)).toBe(true)
  outbox.sendTo(socket)
  expect([outbox.isEmpty, outbox.bytes, socket.bytesWritten]).toEqual([true, 0, 65536])
  outbox.add(Uint8Array.of(7), false)
  outbox.sendTo(socket)
  expect(socket.bytesWritten).toBe(65537)
})

/** A page of 64 KiB, made by a module whose only export it is: Node's types have no WebAssembly of their own. */
function wasmMemory(): ArrayBuffer {
  const { WebAssembly } = globalThis as unknown as {
    readonly WebAssembly: {
      readonly Memory: new (options: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
    }
  }
  return new WebAssembly.Memory({ initial: 1 }).buffer
}
