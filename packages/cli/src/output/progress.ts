// How far a download is: one line on stderr, on a terminal alone, gone when it is over.

import type { Context } from '../context.ts'
import { bar } from './plot.ts'

const CLEAR_LINE = '\r\u001b[K'

export class Progress implements Disposable {
  bytes = 0
  readonly #context: Context
  readonly #name: string
  readonly #total: number
  readonly #startedAt = performance.now()
  readonly #possible: boolean
  #shownAt = 0

  /** `total` is NaN where it is not known. */
  constructor(context: Context, name: string, total: number) {
    this.#context = context
    this.#name = name
    this.#total = total
    this.#possible = process.stderr.isTTY && process.env['TERM'] !== 'dumb' && !context.flags.quiet
  }

  add(bytes: number): void {
    this.bytes += bytes
    const now = performance.now()
    if (!this.#possible || now - this.#startedAt < 200 || now - this.#shownAt < 100) return
    this.#shownAt = now
    process.stderr.write(CLEAR_LINE + this.#line(now).slice(0, (process.stderr.columns || 80) - 1))
  }

  #line(now: number): string {
    const rate = `${inUnits((this.bytes / (now - this.#startedAt)) * 1000)}/s`
    if (!(this.#total > 0)) return `${this.#name}  ${inUnits(this.bytes)}  ${rate}`
    const part = this.bytes / this.#total
    const drawn = bar(0, part, 24, this.#context.unicode).padEnd(24)
    return `${this.#name}  ${drawn} ${String(Math.floor(part * 100)).padStart(3)} %  ${rate}`
  }

  [Symbol.dispose](): void {
    if (this.#shownAt > 0) process.stderr.write(CLEAR_LINE)
  }
}

export function inUnits(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
