// At a real terminal: a pseudo-terminal, with Python's pty module at its other end.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { describeWithPeer } from '@plainwire/testing'
import { MAIN, start } from './plainwire.ts'

/**
 * Runs the command at a terminal of that size, types each key when the text before it has been seen, and prints as JSON
 * what was on the screen, the exit code, how long it took to end after the last key, and the terminal's state after it.
 */
const AT_A_TERMINAL = `
import fcntl, json, os, pty, select, struct, sys, termios, time
columns, keys, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
pid, master = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm-256color', LC_ALL='C.UTF-8', PLAINWIRE_LANG='')
    for name in ('CI', 'NO_COLOR', 'FORCE_COLOR'): os.environ.pop(name, None)
    time.sleep(0.05)
    os.execvp(command[0], command)
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
before = termios.tcgetattr(master)
shown, pressed, status, deadline, after = b'', time.time(), None, time.time() + 20, None
while time.time() < deadline:
    ready, _, _ = select.select([master], [], [], 0.01)
    if ready:
        try: piece = os.read(master, 65536)
        except OSError: piece = b''
        if not piece: break
        shown += piece
    while keys and keys[0][0].encode() in shown:
        seen, key = keys.pop(0)
        if isinstance(key, int): fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, key, 0, 0))
        else: os.write(master, key.encode())
        pressed = time.time()
        break
    after = termios.tcgetattr(master) if status is None else after
_, status = os.waitpid(pid, 0)
ended = time.time()
print(json.dumps({'screen': shown.decode(errors='replace'), 'exitCode': os.waitstatus_to_exitcode(status),
    'afterMs': (ended - pressed) * 1000, 'restored': after is None or after[3] == before[3], 'left': len(keys)}))
`

interface Session {
  readonly screen: string
  readonly exitCode: number
  readonly afterMs: number
  readonly restored: boolean
  readonly left: number
}

/** A number in place of a key is the terminal's new width. */
type Key = readonly [when: string, key: string | number]

const CTRL_C = '\u0003'
const SHOW_CURSOR = '\u001b[?25h'
const HIDE_CURSOR = '\u001b[?25l'

describeWithPeer('python3', 'at a terminal', (python) => {
  async function session(args: readonly string[], keys: readonly Key[] = [], columns = 80): Promise<Session> {
    const command = [process.execPath, MAIN, ...args]
    const child = spawn(python, ['-c', AT_A_TERMINAL, String(columns), JSON.stringify(keys), ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await once(child, 'close')
    return JSON.parse(text) as Session
  }

  test('time --watch draws, Ctrl-C ends it, the cursor is back and the summary said', async () => {
    const { screen, exitCode, restored, left } = await session(
      ['time', '--watch', '--interval', '50ms'],
      [['delay', CTRL_C]],
    )
    expect({ exitCode, restored, left }).toEqual({ exitCode: 130, restored: true, left: 0 })
    expect(screen).toContain(HIDE_CURSOR)
    expect(screen.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.lastIndexOf(HIDE_CURSOR))
    expect(screen).toMatch(/┤/)
    expect(screen).toMatch(/\d+ answers, 0 lost/)
  })

  test('a terminal that becomes narrow gets narrow pictures', async () => {
    const { screen } = await session(['time', '--watch', '--interval', '30ms', '--count', '6'], [['delay', 40]], 120)
    const frames = screen.split('\u001b[J')
    const widest = (frame: string | undefined): number =>
      Math.max(...(frame ?? '').split('\r\n').map((line) => stripVTControlCharacters(line).length))
    expect(widest(frames.at(-1)?.split(SHOW_CURSOR)[0])).toBeLessThan(40)
  })

  test('colours are for terminals, and for nobody who wants none', async () => {
    expect((await session(['get', '--timings'])).screen).toContain('\u001b[36m')
    expect((await session(['get', '--timings', '--color', 'never'])).screen).not.toContain('\u001b[36m')
  })

  test('a body that is no text is not shown, unless asked for by name', async () => {
    const origin = createServer((_, response) => response.end(Buffer.from('a\u0001b'))).listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`
    const refused = await session(['get', url])
    expect(refused).toMatchObject({ exitCode: 23, screen: expect.stringContaining('the body is not text') })
    expect(await session(['get', url, '-o', '-'])).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining('a\u0001b'),
    })
    origin.close()
  })

  test('lesson --step waits for a key, explains, and gives the terminal back', async () => {
    const { screen, exitCode, restored, left } = await session(
      ['lesson', 'server-03', '--step'],
      [
        ['listen(backlog)', ' '],
        ['accept()', ' '],
        ['recv() returned what', 'a'],
      ],
    )
    expect({ exitCode, restored, left }).toEqual({ exitCode: 0, restored: true, left: 0 })
    expect(screen).toMatch(/any key: on/)
    expect(screen).toMatch(/sent 4 bytes back/)
  })

  test.each([['q'], [CTRL_C]])('lesson --step ends at %j, at once', async (key) => {
    const { exitCode, restored } = await session(['lesson', 'socket-05', '--step', '--lang', 'es'], [['tecla', key]])
    expect({ exitCode, restored }).toEqual({ exitCode: 130, restored: true })
  })

  test('a binary body is not thrown at the terminal', async () => {
    await using server = start(['serve', 'http', '--listen', ':0', '--fault', 'endless'])
    const [, url = ''] = await server.line(/^(http:\S+)/)
    const { exitCode } = await session(['get', url, '--timeout', '300ms', '--output', '/dev/null'])
    expect(exitCode).toBe(28)
  })

  test('dissect without bytes says so instead of waiting for what nobody types', async () => {
    expect(await session(['dissect', 'ntp'])).toMatchObject({
      exitCode: 2,
      screen: expect.stringMatching(/pipe the bytes/),
    })
  })
})

test('--step needs a terminal', async () => {
  await using lesson = start(['lesson', 'basics-01', '--step'])
  expect(await lesson.exited).toBe(2)
  expect(lesson.output()).toMatch(/needs a terminal/)
})
