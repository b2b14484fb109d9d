// curl as the other client: never while blocking this process, which may be the server.

import { startPeer } from '@plainwire/testing'

/** Runs curl to its end and gives what it printed; throws if it failed. */
export async function runCurl(program: string, args: readonly string[], input?: string): Promise<string> {
  // Without -q a .curlrc could ask for anything; a proxy from the environment would be in between.
  const all = ['-q', '--silent', '--show-error', '--noproxy', '*', '--max-time', '15', ...args]
  await using curl = startPeer(program, all, input === undefined ? {} : { input })
  const exitCode = await curl.exited
  if (exitCode !== 0) throw new Error(`curl ${args.join(' ')}: exit ${exitCode}\n${curl.output()}`)
  return curl.output()
}
