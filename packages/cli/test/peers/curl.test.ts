// Beside curl: the same request, the same server, the same trace.

import { expect, test } from 'vitest'
import { describeWithPeer, runProgram } from '@plainwire/testing'
import { plainwire, start } from '../plainwire.ts'

describeWithPeer('curl', 'beside curl', (curl) => {
  test.each([
    ['a page', '', []],
    ['a body that is longer than a line', 'bytes/200', []],
    ['a request with a body', 'echo', ['-d', 'hola']],
  ] as const)('get --trace shows the lines and bytes of curl --trace-ascii: %s', async (_, path, more) => {
    await using server = start(['serve', 'http', '--listen', ':0'])
    const [, at = ''] = await server.line(/^(http:\S+)/)
    const headers = ['-H', 'Connection: close', ...(more.length > 0 ? ['-H', 'Content-Type: text/plain'] : [])]
    const without = ['-H', 'User-Agent:', '-H', 'Accept:']
    const theirs = runProgram(curl, [
      '-s',
      '--http1.0',
      ...without,
      ...headers,
      ...more,
      '-o',
      '/dev/null',
      '--trace-ascii',
      '-',
      at + path,
    ])
    const ours = await plainwire(['get', at + path, '--trace', '-q', '-o', '/dev/null', ...headers, ...more])
    expect(shown(ours.stderr)).toEqual(shown(theirs))
    expect(shown(ours.stderr).length).toBeGreaterThan(8)
  })

  test.each([
    ['status/404', ['-f'], 22],
    ['redirect/9', ['-L', '--max-redirs', '3'], 47],
  ] as const)('exits as curl does: %s', async (path, flags, exitCode) => {
    await using server = start(['serve', 'http', '--listen', ':0'])
    const [, at = ''] = await server.line(/^(http:\S+)/)
    expect(() => runProgram(curl, ['-s', ...flags, at + path])).toThrow(`exit ${exitCode}`)
    const own = flags.map((flag) => (flag === '--max-redirs' ? '--max-redirects' : flag))
    expect((await plainwire(['get', at + path, ...own])).exitCode).toBe(exitCode)
  })
})

/** What each says about itself left away; headers of the request in one order, since who adds them differs. */
function shown(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('== Info'))
    .map((line) => line.replace(/^[0-9a-f]{4}: (?=(?:Host|Connection|Content-\w+): )/, 'head: '))
    .sort((a, b) => a.localeCompare(b))
}
