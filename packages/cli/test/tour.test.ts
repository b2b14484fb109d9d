import { expect, test } from 'vitest'
import { plainwire } from './plainwire.ts'

const IDS = ['basics', 'socket', 'server'].flatMap((part) => [1, 2, 3, 4, 5].map((number) => `${part}-0${number}`))

test('the tour prints fifteen lessons as JSON, all of which showed what they say', async () => {
  const { exitCode, stdout, stderr } = await plainwire(['tour', '--json'])
  const lessons = JSON.parse(stdout) as Record<string, unknown>[]
  expect(lessons.map(({ id }) => id)).toEqual(IDS)
  for (const lesson of lessons) {
    expect(lesson).toEqual({
      id: expect.any(String),
      title: expect.stringMatching(/\S/),
      ok: true,
      output: expect.stringMatching(/\S/),
      elapsedMs: expect.any(Number),
    })
  }
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
}, 60_000)

test('the tour ends with a table of fifteen rows, in Spanish too, within 80 columns', async () => {
  const { exitCode, stdout } = await plainwire(['tour'], { LC_ALL: 'es_ES.UTF-8' })
  const rows = stdout.trimEnd().split('\n').slice(-15)
  expect(rows.map((row) => row.split(' ')[0])).toEqual(IDS)
  for (const row of rows) expect(row).toMatch(/ ok +\d+ ms$/)
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80)
  expect(stdout).toMatch(/^Lo mismo como orden: plainwire host$/m)
  expect(exitCode).toBe(0)
}, 60_000)

test('a lesson against a target of one’s own is its program', async () => {
  const { exitCode, stdout } = await plainwire(['lesson', 'basics-03', '123/udp'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\$ node basics-03-service-by-port\.ts 123\/udp\n {2}123\/udp is ntp\n/)
})

test.each([
  ['basics-02', 'nosuch.invalid', 'look up "nosuch.invalid": name not found (ENOTFOUND)'],
  ['basics-03', '64999/tcp', 'no service is known for 64999/tcp'],
  ['server-04', '70000', 'port must be 0 to 65535, got "70000"'],
])('a lesson that fails says why, once, on stderr: %s %s', async (id, target, fault) => {
  expect(await plainwire(['lesson', id, target])).toEqual({
    exitCode: 1,
    stdout: expect.not.stringContaining(fault),
    stderr: `plainwire: ${fault}
`,
  })
  const { stdout } = await plainwire(['lesson', id, target, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ id, ok: false, fault })
})
