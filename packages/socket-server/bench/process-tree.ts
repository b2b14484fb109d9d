// What the kernel says of a process and all that it started (Linux).

import { readdirSync, readFileSync } from 'node:fs'

interface Stat {
  readonly parent: number
  /** User and system, the children that it waited for included. */
  readonly cpuSeconds: number
}

/** Of the clock that /proc counts in; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold blanks and parentheses; what follows it does not.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0] = fields.slice(1)
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0)
    return { parent, cpuSeconds: ticks / TICKS_PER_SECOND }
  } catch {
    return undefined // it has ended meanwhile
  }
}

function treeOf(root: number): ReadonlyMap<number, Stat> {
  const all = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^[0-9]+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat) all.set(Number(name), stat)
  }
  const within = (pid: number): boolean => pid === root || (pid > 1 && within(all.get(pid)?.parent ?? 0))
  return new Map([...all].filter(([pid]) => within(pid)))
}

export function cpuSecondsOf(pid: number): number {
  return [...treeOf(pid).values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
}

/** Resident memory that belongs to no file, in bytes. */
export function residentBytesOf(pid: number): number {
  return [...treeOf(pid).keys()].reduce((sum, pid) => {
    const kilobytes = /^RssAnon:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return sum + Number(kilobytes ?? 0) * 1024
  }, 0)
}
