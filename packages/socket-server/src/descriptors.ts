// A process that runs out of descriptors cannot accept, and Node says nothing: libuv accepts with one that it keeps in
// reserve and closes the client at once. So a listener asks beforehand, and accepts no more while few are left.

import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'

/** Fewer than so many left, and nobody is accepted: handlers want to open a file or a connection of their own. */
const RESERVE = 16
/** One look is good for so many clients. */
const CLIENTS_PER_LOOK = 12

/** How long a listener that has run out waits before it looks again. */
export const BACK_OFF_MS = 100

/** One for each listener. */
export class Descriptors {
  #untilNextLook = 0

  /** Asked once for each client that was accepted; looks now and then, at 4 microseconds a client. */
  runShort(): boolean {
    this.#untilNextLook -= 1
    return this.#untilNextLook <= 0 && this.look()
  }

  /** Whether fewer are left than are kept in reserve. */
  look(): boolean {
    const short = areFewLeft()
    this.#untilNextLook = short ? 0 : CLIENTS_PER_LOOK
    return short
  }
}

/** There is no count to ask for that is right on every system: the way to know that so many can be had is to have them. */
function areFewLeft(): boolean {
  const had: number[] = []
  try {
    while (had.length < RESERVE) had.push(openSync(devNull, 'r'))
    return false
  } catch {
    return true
  } finally {
    for (const descriptor of had) closeSync(descriptor)
  }
}
