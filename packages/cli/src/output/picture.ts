// Lines on a terminal that are drawn over and over. Nothing of the terminal's own state is changed but the cursor's
// visibility, which comes back however the process ends.

import type { Context } from '../context.ts'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'

export class Picture implements Disposable {
  /** On a terminal that can move its cursor, where lines and not JSON are wanted. */
  readonly possible: boolean
  #lines = 0
  #shown = false
  readonly #restore = (): void => this.leave()

  constructor({ flags }: Context) {
    this.possible = process.stdout.isTTY && process.env['TERM'] !== 'dumb' && !flags.json && !flags.jsonl
  }

  show(lines: readonly string[]): void {
    const columns = process.stdout.columns || 80
    if (!this.#shown) {
      this.#shown = true
      process.once('exit', this.#restore)
      process.stdout.write(HIDE_CURSOR)
    }
    // After a resize the old lines may have been wrapped: what is below is cleared, what is above is left alone.
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A\r` : ''
    const fitting = lines.map((line) => line.slice(0, columns - 1))
    process.stdout.write(`${up}\u001b[J${fitting.join('\n')}\n`)
    this.#lines = lines.length
  }

  /** What was drawn last stays. */
  leave(): void {
    if (!this.#shown) return
    this.#shown = false
    process.removeListener('exit', this.#restore)
    process.stdout.write(SHOW_CURSOR)
  }

  [Symbol.dispose](): void {
    this.leave()
  }
}
