// Programs that live at another time, by libfaketime.

import { globSync } from 'node:fs'

/**
 * The command that starts `program` at a time of libfaketime's notation, such as `@2036-02-07 06:28:13` (UTC) or
 * `+3600 x1.0001`. By the library itself: the program `faketime` would stay in between and keep our SIGTERM.
 */
export function atTime(time: string, program: string): readonly [string, ...string[]] {
  const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
  if (library === undefined) throw new Error('faketime is installed, but /usr/lib/*/faketime/libfaketime.so.1 is not')
  return ['env', 'TZ=UTC', `LD_PRELOAD=${library}`, `FAKETIME=${time}`, program]
}
