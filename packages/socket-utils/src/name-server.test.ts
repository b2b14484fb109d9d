import { createSocket } from 'node:dgram'
import { getEventListeners, once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { queryHost } from './name-server.ts'
import { ByteReader, ByteWriter } from './protocol/bytes.ts'

const [A, AAAA] = [1, 28] as const
const [NO_ERROR, SERVER_FAILURE, NAME_ERROR, REFUSED] = [0, 2, 3, 5] as const

interface Answer {
  readonly code?: number
  readonly records?: readonly (readonly [ttl: number, address: readonly number[]])[]
}

/** A name server on loopback that knows one answer for each type; undefined is silence. */
async function nameServer(answers: Readonly<Record<number, Answer | undefined>>) {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, { port }) => {
    const reader = new ByteReader(query)
    const id = reader.u16()
    reader.take(10)
    const labels: string[] = []
    for (let length = reader.u8(); length > 0; length = reader.u8()) {
      labels.push(Buffer.from(reader.take(length)).toString('latin1'))
    }
    const type = reader.u16()
    asked.push(`${labels.join('.')} ${type}`)
    const answer = answers[type]
    if (!answer) return
    const { code = NO_ERROR, records = [] } = answer
    const writer = new ByteWriter()
    // RFC 1035 §4.1.1: a response, recursion asked for and available, one question.
    for (const field of [id, 0x8180 | code, 1, records.length, 0, 0]) writer.u16(field)
    writer.bytes(query.subarray(12, 12 + labels.join('.').length + 2 + 4))
    for (const [ttl, address] of records) {
      writer.u16(0xc00c) // the name of the question, §4.1.4
      writer.u16(type)
      writer.u16(1)
      writer.u32(ttl)
      writer.u16(address.length)
      writer.bytes(Uint8Array.from(address))
    }
    socket.send(writer.finish(), port, '127.0.0.1')
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    asked,
    servers: [`127.0.0.1:${socket.address().port}`],
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const V4: Answer = {
  records: [
    [300, [192, 0, 2, 7]],
    [65537, [192, 0, 2, 8]],
  ],
}
const V6: Answer = { records: [[7200, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]]] }

describe('queryHost', () => {
  test('gives the addresses of both families, each with its time to live', async () => {
    await using server = await nameServer({ [A]: V4, [AAAA]: V6 })
    expect(await queryHost('twofold.test', server)).toEqual([
      { address: '2001:db8::7', family: 6, ttlSeconds: 7200 },
      { address: '192.0.2.7', family: 4, ttlSeconds: 300 },
      { address: '192.0.2.8', family: 4, ttlSeconds: 65537 },
    ])
    expect(server.asked.toSorted()).toEqual([`twofold.test ${A}`, `twofold.test ${AAAA}`])
  })

  test('asks for one family alone if told so', async () => {
    await using server = await nameServer({ [A]: V4, [AAAA]: V6 })
    expect((await queryHost('twofold.test', { ...server, family: 6 })).map(({ family }) => family)).toEqual([6])
    expect((await queryHost('twofold.test', { ...server, family: 4 })).map(({ family }) => family)).toEqual([4, 4])
    expect(server.asked).toEqual([`twofold.test ${AAAA}`, `twofold.test ${A}`])
  })

  test('one family is enough', async () => {
    for (const other of [{}, { code: NAME_ERROR }, { code: REFUSED }]) {
      await using server = await nameServer({ [A]: V4, [AAAA]: other })
      expect(await queryHost('v4.test', server)).toHaveLength(2)
    }
  })

  test.each([
    [{}, 'lookup-failed', 'no address for this name (ENODATA)'],
    [{ code: NAME_ERROR }, 'lookup-failed', 'name not found (ENOTFOUND)'],
    [{ code: SERVER_FAILURE }, 'lookup-failed', 'name server failed (ESERVFAIL)'],
    [{ code: REFUSED }, 'lookup-failed', 'name server refused (EREFUSED)'],
  ])('no address at all: %j', async (answer, code, reason) => {
    await using server = await nameServer({ [A]: answer, [AAAA]: answer })
    await expect(queryHost('nosuch.test', server)).rejects.toMatchObject({
      name: 'NetworkError',
      code,
      message: `ask the name server for "nosuch.test": ${reason}`,
    })
  })

  test('a silent server: the deadline, and the caller’s abort', async () => {
    await using server = await nameServer({})
    await expect(queryHost('silent.test', { ...server, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'timed-out',
      message: 'ask the name server for "silent.test": timed out after 50 ms',
    })
    const controller = new AbortController()
    const asking = queryHost('silent.test', { ...server, signal: controller.signal })
    await expect.poll(() => server.asked.length).toBeGreaterThan(2)
    controller.abort('mine')
    await expect(asking).rejects.toBe('mine')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('the caller’s mistakes', async () => {
    await expect(queryHost('')).rejects.toThrow(new TypeError('host must not be empty'))
    await expect(queryHost('192.0.2.7')).rejects.toThrow(
      new TypeError('host must be a name, got the address "192.0.2.7"'),
    )
    await expect(queryHost('x.test', { family: 5 as 4 })).rejects.toThrow(
      new RangeError('family must be 4 or 6, got 5'),
    )
    await expect(queryHost('127.1')).rejects.toMatchObject({ code: 'lookup-failed' })
    await expect(queryHost('x.test', { servers: ['no server'] })).rejects.toThrow(
      new TypeError('servers must be addresses, with or without a port, got "no server"'),
    )
  })
})
