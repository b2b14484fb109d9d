// <wire-dissector>: a message, its bytes and its fields, each of which shows and changes the others. The page brings it
// rendered; from then on it is drawn again whenever the message changes.

import type { Dissection, Edit } from './dissection.ts'
import { dissectHttp } from './http-fields.ts'
import { pageLanguage } from './language.ts'
import { LinkedPanes } from './linked-panes.ts'
import { formatBytes, type Notation, parseBytes } from './message-text.ts'
import { dissectNtp } from './ntp-fields.ts'
import { bytesPane, partsPane } from './panes.ts'
import { partCard } from './part-card.ts'
import { type Protocol, SAMPLES } from './samples.ts'
import { fromFragment, toFragment } from './share.ts'
import { say } from './words.ts'

export function dissect(bytes: Uint8Array, protocol: Protocol, nowNs: bigint): Dissection {
  return protocol === 'ntp' ? dissectNtp(bytes, nowNs) : dissectHttp(bytes, protocol)
}

export class WireDissector extends HTMLElement {
  readonly #language = pageLanguage()
  #protocol: Protocol = 'ntp'
  #bytes: Uint8Array = new Uint8Array()
  #dissection: Dissection = { parts: [] }
  #panes: LinkedPanes | undefined

  connectedCallback(): void {
    this.#input.addEventListener('input', () => this.#readInput())
    this.#notation.addEventListener('change', () => this.#writeInput())
    this.#protocolChoice.addEventListener('change', () => {
      this.#protocol = this.#protocolChoice.value as Protocol
      this.#sampleChoice.value = ''
      this.#draw()
    })
    this.#sampleChoice.addEventListener('change', () => this.#begin(this.#sampleChoice.value))
    this.#listenForFiles()
    this.#panes = new LinkedPanes(this.#bytesPane, this.#partsPane, (index) => this.#showCard(index))
    this.#partsPane.addEventListener('keydown', (event) => this.#enter(event))
    this.#find('button[data-copy]').addEventListener('click', () => void this.#copyLink())
    addEventListener('hashchange', () => this.#beginWithAddress())
    matchMedia('(max-width: 40rem)').addEventListener('change', () => this.#draw())
    if (!this.#beginWithAddress()) this.#begin(this.#sampleChoice.value)
    this.dataset['ready'] = ''
  }

  /** Takes a message from anywhere; the text of the input follows unless that is where it came from. */
  show(bytes: Uint8Array, protocol: Protocol): void {
    this.#bytes = bytes
    this.#protocol = protocol
    this.#protocolChoice.value = protocol
    this.#writeInput()
    this.#draw()
  }

  #begin(id: string): void {
    const sample = SAMPLES.find((sample) => sample.id === id)
    if (sample === undefined) return
    this.#notation.value = sample.protocol === 'ntp' ? 'hex' : 'text'
    this.#panes?.select(-1)
    this.show(sample.bytes, sample.protocol)
  }

  #beginWithAddress(): boolean {
    const shared = fromFragment(location.hash)
    if (shared === undefined) return false
    this.#sampleChoice.value = ''
    this.#notation.value = shared.protocol === 'ntp' ? 'hex' : 'text'
    this.show(shared.bytes, shared.protocol)
    return true
  }

  #readInput(): void {
    this.#sampleChoice.value = ''
    try {
      this.#bytes = parseBytes(this.#input.value, this.#notation.value as Notation)
      this.#complain('')
      this.#draw()
    } catch (error) {
      this.#complain((error as Error).message)
    }
  }

  #writeInput(): void {
    this.#input.value = formatBytes(this.#bytes, this.#notation.value as Notation)
    this.#complain('')
  }

  #complain(text: string): void {
    this.#find('[data-complaint]').textContent = text
    this.#input.toggleAttribute('aria-invalid', text !== '')
  }

  #draw(): void {
    this.#dissection = dissect(this.#bytes, this.#protocol, BigInt(Date.now()) * 1_000_000n)
    const columns = matchMedia('(max-width: 40rem)').matches ? 8 : 16
    this.#bytesPane.innerHTML = bytesPane(this.#bytes, this.#dissection, this.#language, columns)
    this.#partsPane.innerHTML = partsPane(this.#dissection, this.#language)
    this.#panes?.redrawn()
    this.dispatchEvent(new CustomEvent('message', { detail: { bytes: this.#bytes, protocol: this.#protocol } }))
  }

  /** From the list of fields to the form that changes the chosen one. */
  #enter(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return
    event.preventDefault()
    this.#card.querySelector('input')?.focus()
  }

  #showCard(index: number): void {
    const part = this.#dissection.parts[index]
    if (part === undefined) this.#card.textContent = say(this.#language).nothing
    else partCard(this.#card, part, this.#language, (edit, value) => this.#apply(edit, value))
  }

  /** Undefined, or why the codec does not take the value. */
  #apply(edit: Edit, value: string): string | undefined {
    try {
      this.#bytes = edit.apply(value)
    } catch (error) {
      return (error as Error).message
    }
    this.#sampleChoice.value = ''
    this.#writeInput()
    this.#draw()
    return undefined
  }

  // --- ways in and out

  #listenForFiles(): void {
    const file = this.#find('input[type=file]') as HTMLInputElement
    file.addEventListener('change', () => void this.#open(file.files?.[0]))
    this.addEventListener('dragover', (event) => event.preventDefault())
    this.addEventListener('drop', (event) => {
      event.preventDefault()
      void this.#open(event.dataTransfer?.files[0])
    })
  }

  async #open(file: File | undefined): Promise<void> {
    if (file === undefined) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    this.#sampleChoice.value = ''
    this.show(bytes, guess(bytes))
  }

  async #copyLink(): Promise<void> {
    const words = say(this.#language)
    const fragment = toFragment({ protocol: this.#protocol, bytes: this.#bytes })
    const status = this.#find('[data-copied]')
    if (fragment === '') return void (status.textContent = words.tooLong)
    history.replaceState(null, '', fragment)
    await navigator.clipboard?.writeText(location.href).catch(() => {})
    status.textContent = words.copied
  }

  #find(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector)
    if (found === null) throw new Error(`<wire-dissector> has no ${selector}`)
    return found
  }

  get #input(): HTMLTextAreaElement {
    return this.#find('textarea') as HTMLTextAreaElement
  }

  get #notation(): HTMLSelectElement {
    return this.#find('select[name=notation]') as HTMLSelectElement
  }

  get #protocolChoice(): HTMLSelectElement {
    return this.#find('select[name=protocol]') as HTMLSelectElement
  }

  get #sampleChoice(): HTMLSelectElement {
    return this.#find('select[name=sample]') as HTMLSelectElement
  }

  get #bytesPane(): HTMLElement {
    return this.#find('[data-pane=bytes]')
  }

  get #partsPane(): HTMLElement {
    return this.#find('[data-pane=parts]')
  }

  get #card(): HTMLElement {
    return this.#find('[data-pane=card]')
  }
}

/** A file says no more than its bytes do. */
function guess(bytes: Uint8Array): Protocol {
  const start = new TextDecoder().decode(bytes.subarray(0, 16))
  if (start.startsWith('HTTP/')) return 'response'
  return /^[A-Z]+ /.test(start) ? 'request' : 'ntp'
}
