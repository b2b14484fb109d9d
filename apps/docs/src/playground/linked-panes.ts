// Two panes that show the same parts: pointing at one in either shows it in both, and so do focus and the arrow keys.

/** Both as panes.ts writes them. `selected` is told of every choice, -1 for none. */
export class LinkedPanes {
  readonly #bytes: HTMLElement
  readonly #parts: HTMLElement
  readonly #selected: (index: number) => void
  #index = -1

  constructor(bytes: HTMLElement, parts: HTMLElement, selected: (index: number) => void) {
    this.#bytes = bytes
    this.#parts = parts
    this.#selected = selected
    for (const pane of [bytes, parts]) {
      pane.addEventListener('pointerover', (event) => this.#mark('pointed', partAt(event)))
      pane.addEventListener('pointerleave', () => this.#mark('pointed', -1))
      pane.addEventListener('click', (event) => this.#selectIfPart(partAt(event)))
      pane.addEventListener('keydown', (event) => this.#move(event, pane))
    }
    bytes.addEventListener('focusin', (event) => this.#selectIfPart(partAt(event)))
    parts.addEventListener('focusin', () => this.select(Math.max(this.#index, 0)))
    this.select(-1)
  }

  /** After the panes were written anew: what was chosen stays so, if it is still there. */
  redrawn(): void {
    this.select(Math.min(this.#index, this.#last))
  }

  select(index: number): void {
    this.#index = Math.min(index, this.#last)
    this.#mark('selected', this.#index)
    // One stop for Tab in each pane; the arrows do the rest.
    for (const button of this.#bytes.querySelectorAll('button')) button.tabIndex = -1
    const stop = this.#bytes.querySelector<HTMLElement>(`button[data-part="${Math.max(this.#index, 0)}"]`)
    if (stop) stop.tabIndex = 0
    for (const option of this.#options) option.ariaSelected = String(option.classList.contains('selected'))
    const list = this.#parts.querySelector('ol')
    if (this.#index < 0) list?.removeAttribute('aria-activedescendant')
    else list?.setAttribute('aria-activedescendant', `part-${this.#index}`)
    this.#selected(this.#index)
  }

  get #options(): NodeListOf<Element> {
    return this.#parts.querySelectorAll('[role=option]')
  }

  get #last(): number {
    return this.#options.length - 1
  }

  #selectIfPart(index: number): void {
    if (index >= 0) this.select(index)
  }

  #mark(name: string, index: number): void {
    for (const pane of [this.#bytes, this.#parts]) {
      for (const element of pane.querySelectorAll(`.${name}`)) element.classList.remove(name)
      for (const element of pane.querySelectorAll(`[data-part="${index}"]`)) element.classList.add(name)
    }
  }

  #move(event: KeyboardEvent, pane: HTMLElement): void {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowRight: 1,
      ArrowUp: -1,
      ArrowLeft: -1,
      Home: -Infinity,
      End: Infinity,
    }
    const step = steps[event.key]
    if (step === undefined || this.#last < 0) return
    event.preventDefault()
    this.select(Math.max(0, Math.min(this.#last, this.#index + step)))
    if (pane === this.#bytes) pane.querySelector<HTMLElement>(`button[data-part="${this.#index}"]`)?.focus()
    else this.#options[this.#index]?.scrollIntoView({ block: 'nearest' })
  }
}

function partAt(event: Event): number {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-part]') : null
  return Number(element?.dataset['part'] ?? -1)
}
