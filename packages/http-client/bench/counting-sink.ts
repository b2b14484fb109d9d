import type { MessageSink } from '../test/parser-peers.ts'

/** Counts what it is given, so that nobody can leave work out. */
export class CountingSink implements MessageSink {
  #heads = 0
  #characters = 0
  #contentBytes = 0
  #ends = 0

  head(version: string, first: number | string, second: string): void {
    this.#heads++
    this.#characters += version.length + (typeof first === 'number' ? 3 : first.length) + second.length
  }

  field(name: string, value: string): void {
    this.#characters += name.length + value.length
  }

  content(bytes: Uint8Array): void {
    this.#contentBytes += bytes.length
  }

  contentRange(start: number, end: number): void {
    this.#contentBytes += end - start
  }

  trailer(name: string, value: string): void {
    this.#characters += name.length + value.length
  }

  end(): void {
    this.#ends++
  }

  get summary(): string {
    return `${this.#heads} heads, ${this.#characters} characters, ${this.#contentBytes} bytes, ${this.#ends} ends`
  }
}
