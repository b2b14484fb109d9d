// <wire-splitter>: the dissector's HTTP message in reads of a chosen size, one after the other.

import { deliver, type Step, type Waiting } from './http-steps.ts'
import { pageLanguage } from './language.ts'
import { escaped } from './panes.ts'
import type { Protocol } from './samples.ts'
import { say } from './words.ts'

/** Of a longer message only the beginning is delivered: a slider has to have a pixel for each read. */
const MOST_BYTES = 2048

export class WireSplitter extends HTMLElement {
  readonly #words = say(pageLanguage())
  #bytes: Uint8Array = new Uint8Array()
  #side: 'request' | 'response' = 'response'
  #steps: Step[] = []

  connectedCallback(): void {
    const dissector = document.querySelector('wire-dissector')
    dissector?.addEventListener('message', (event) => {
      const { bytes, protocol } = (event as CustomEvent<{ bytes: Uint8Array; protocol: Protocol }>).detail
      this.hidden = protocol === 'ntp'
      if (protocol === 'ntp') return
      this.#bytes = bytes.subarray(0, MOST_BYTES)
      this.#side = protocol
      this.#deliver()
    })
    this.#perRead.addEventListener('input', () => this.#deliver())
    this.#reads.addEventListener('input', () => this.#draw())
  }

  #deliver(): void {
    this.#steps = deliver(this.#bytes, this.#side, Number(this.#perRead.value))
    this.#reads.max = String(this.#steps.length)
    this.#reads.value = String(Math.min(Number(this.#reads.value), this.#steps.length))
    this.#draw()
  }

  #draw(): void {
    const reads = Number(this.#reads.value)
    const step = this.#steps[reads - 1]
    const received = step?.received ?? 0
    const text = new TextDecoder('latin1').decode(this.#bytes)
    this.#output('per-read').textContent = this.#perRead.value
    this.#output('reads').textContent = `${reads} / ${this.#steps.length}`
    const shown = (part: string): string => escaped(part.replaceAll('\r\n', '\\r\\n\n'))
    this.#output('text').innerHTML =
      `<span class="received">${shown(text.slice(0, received))}</span><span class="cut"></span><span class="unread">${shown(text.slice(received))}</span>`
    this.#output('waiting').textContent = this.#waitingFor(step?.waiting ?? 'message')
    const events = this.#steps
      .slice(0, reads)
      .flatMap(({ events }, at) => events.map((event) => ({ event, isNew: at === reads - 1 })))
    this.#output('events').innerHTML =
      events.length === 0
        ? `<li>${this.#words.noEvents}</li>`
        : events.map(({ event, isNew }) => `<li${isNew ? ' class="new"' : ''}>${escaped(event)}</li>`).join('')
  }

  #waitingFor(waiting: Waiting): string {
    const { waitMessage, waitHead, waitLength, waitChunked, waitClose, waitNothing, failed } = this.#words
    const all: Record<Waiting, string> = {
      message: waitMessage,
      head: waitHead,
      length: waitLength,
      chunked: waitChunked,
      close: waitClose,
      nothing: waitNothing,
      failed,
    }
    return all[waiting]
  }

  #output(name: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(`[data-out="${name}"]`)
    if (found === null) throw new Error(`<wire-splitter> has no ${name}`)
    return found
  }

  get #perRead(): HTMLInputElement {
    return this.querySelector('input[name=per-read]') as HTMLInputElement
  }

  get #reads(): HTMLInputElement {
    return this.querySelector('input[name=reads]') as HTMLInputElement
  }
}
