import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { unusedPort } from '@plainwire/testing'
import { json, linesOf } from './json.ts'
import { plainwire, start } from './plainwire.ts'

async function listening(host = '127.0.0.1', port = 0) {
  const server = createServer((socket) => socket.destroy()).listen(port, host)
  await once(server, 'listening')
  return Object.assign(server, { port: (server.address() as AddressInfo).port })
}

test('check tells open from refused, and exits with 1 if one is not open', async () => {
  await using server = await listening()
  const closed = await unusedPort()
  expect(await json('port-check', ['port', 'check', `127.0.0.1:${server.port}`])).toEqual({
    ports: [{ host: '127.0.0.1', port: server.port, state: 'open', address: '127.0.0.1' }],
  })
  const ran = await plainwire(['port', 'check', `:${server.port}`, `:${closed}`, '--jsonl'])
  expect(ran.exitCode).toBe(1)
  expect(ran.stderr).toBe(`plainwire: not open: localhost:${closed}\n`)
  expect(
    linesOf('port-check', ran)
      .map(({ state }) => state)
      .sort((a, b) => String(a).localeCompare(String(b))),
  ).toEqual(['open', 'refused'])
})

test('check tells of each port, though the name of one is not known', async () => {
  await using server = await listening()
  const asked = ['port', 'check', `:${server.port}`, 'nosuch.invalid:80']
  const message = 'look up "nosuch.invalid": name not found (ENOTFOUND)'
  expect(await json('port-check', asked, 6)).toMatchObject({
    ports: [{ state: 'open' }, { host: 'nosuch.invalid', port: 80, error: { code: 'lookup-failed', message } }],
  })
  const ran = await plainwire(asked)
  expect(ran).toMatchObject({ exitCode: 6, stdout: `localhost:${server.port}  open  127.0.0.1\n` })
  expect(ran.stderr).toContain(message)
  expect(linesOf('port-check', await plainwire([...asked, '--jsonl']))).toHaveLength(2)
})

test('a wait that runs out tells in its document which ports were there', async () => {
  await using server = await listening()
  const closed = await unusedPort()
  const asked = ['port', 'wait', `:${server.port}`, `:${closed}`, '--timeout', '200ms']
  expect(await json('port-wait', asked, 1)).toEqual({
    ports: [expect.objectContaining({ state: 'open' }), { host: 'localhost', port: closed }],
  })
})

test('localhost is open where only ::1 listens', async () => {
  await using server = await listening('::1')
  expect((await plainwire(['port', 'check', `localhost:${server.port}`])).stdout).toBe(
    `localhost:${server.port}  open  ::1\n`,
  )
})

test('wait waits until the port is there, and then runs the command with its own words and exit code', async () => {
  const port = await unusedPort()
  const script = 'console.log(process.argv.slice(1).join("|")); process.exitCode = 7'
  await using waiting = start([
    'port',
    'wait',
    `:${port}`,
    '-v',
    '--',
    process.execPath,
    '-e',
    script,
    '--',
    '-v',
    '--json',
  ])
  await using server = await listening('127.0.0.1', port)
  expect(await waiting.exited).toBe(7)
  expect(server.listening).toBe(true)
  expect(waiting.output()).toMatch(/localhost:\d+ {2}open {2}127\.0\.0\.1 {2}\d+ ms/)
  expect(waiting.output()).toMatch(/^-v\|--json$/m)
})

test('a wait that runs out exits with 1, as does one for a port that stays open', async () => {
  const port = await unusedPort()
  expect(await plainwire(['port', 'wait', `:${port}`, '--timeout', '200ms', '--', 'echo', 'never'])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `plainwire: wait for localhost:${port}: timed out after 200 ms\n`,
  })
  await using server = await listening()
  const open = await plainwire([
    'port',
    'wait',
    `:${server.port}`,
    '--for',
    'closed',
    '--timeout',
    '200ms',
    '--lang',
    'es',
  ])
  expect(open).toMatchObject({
    exitCode: 1,
    stderr: `plainwire: esperar a que se cierre localhost:${server.port}: se acabó el tiempo tras 200 ms\n`,
  })
})

test('wait --for closed is over when nobody listens', async () => {
  const port = await unusedPort()
  expect(await json('port-wait', ['port', 'wait', `127.0.0.1:${port}`, '--for', 'closed'])).toMatchObject({
    ports: [{ port, state: 'refused' }],
  })
})

test('a command that cannot be run is told', async () => {
  await using server = await listening()
  const { exitCode, stderr } = await plainwire(['port', 'wait', `:${server.port}`, '--', '/nosuch/program'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 127,
    stderr: expect.stringMatching(/cannot run .*: there is no such program\n$/),
  })
  const folder = await plainwire(['port', 'wait', `:${server.port}`, '-q', '--', '/'])
  expect(folder).toEqual({ exitCode: 126, stdout: '', stderr: 'plainwire: cannot run /: permission denied\n' })
})

test('stdout is the command’s, and its failure needs no word of ours', async () => {
  await using server = await listening()
  const wait = ['port', 'wait', `:${server.port}`, '--json', '-q', '--']
  const print = await plainwire([...wait, process.execPath, '-p', '42'])
  expect(print).toEqual({ exitCode: 0, stdout: '42\n', stderr: '' })
  const fail = await plainwire([...wait, process.execPath, '-e', 'process.exit(5)'])
  expect(fail).toEqual({ exitCode: 5, stdout: '', stderr: '' })
})

test.skipIf(process.platform === 'win32')('the command gets the signal that we got', async () => {
  await using server = await listening()
  const program = `process.on('SIGINT', () => process.exit(9)); console.log('ready'); setTimeout(() => {}, 60_000)`
  await using peer = start(['port', 'wait', `:${server.port}`, '-q', '--', process.execPath, '-e', program])
  await peer.line(/^ready$/)
  peer.process.kill('SIGINT')
  expect(await peer.exited).toBe(9)
})

test('a name that nobody knows is told with the time that ran out', async () => {
  const { exitCode, stderr } = await plainwire(['port', 'wait', 'nosuch.invalid:80', '--timeout', '300ms'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/timed out after 300 ms \(look up "nosuch.invalid": .*\)\n$/),
  })
})

test('free gives ports that are free and differ', async () => {
  const { ports } = (await json('port-free', ['port', 'free', '--count', '5'])) as { ports: number[] }
  expect(new Set(ports).size).toBe(5)
  await using server = await listening('127.0.0.1', ports[0])
  expect(server.port).toBe(ports[0])
})
