// <ntp-exchange>: the four times of an exchange, moved with sliders or by dragging the points of the picture.

import { msOf, picture, type Times, verdict } from './exchange.ts'
import { pageLanguage } from './language.ts'

export class NtpExchange extends HTMLElement {
  readonly #language = pageLanguage()
  #dragged: HTMLInputElement | undefined

  connectedCallback(): void {
    const shared = /^#t=(\d+),(\d+),(\d+),(\d+)$/.exec(location.hash)
    if (shared) this.#sliders.forEach((slider, at) => (slider.value = shared[at + 1] ?? slider.value))
    this.addEventListener('input', () => this.#draw())
    this.#svg.addEventListener('pointerdown', (event) => this.#grab(event))
    this.#svg.addEventListener('pointermove', (event) => this.#drag(event))
    for (const end of ['pointerup', 'pointercancel']) this.#svg.addEventListener(end, () => (this.#dragged = undefined))
    this.#draw()
    this.dataset['ready'] = ''
  }

  #grab(event: PointerEvent): void {
    const name = (event.target as Element).closest<SVGElement>('[data-time]')?.dataset['time']
    this.#dragged = this.#sliders.find((slider) => slider.name === name)
    if (this.#dragged === undefined) return
    event.preventDefault()
    this.#svg.setPointerCapture(event.pointerId)
    this.#dragged.focus()
  }

  #drag(event: PointerEvent): void {
    const toPicture = this.#svg.getScreenCTM()?.inverse()
    if (this.#dragged === undefined || !toPicture) return
    this.#dragged.value = String(msOf(new DOMPoint(event.clientX, event.clientY).matrixTransform(toPicture).x))
    this.#draw()
  }

  #draw(): void {
    const times = this.#sliders.map(({ value }) => Number(value)) as unknown as Times
    this.#out('picture').innerHTML = picture(times, this.#language)
    this.#out('verdict').innerHTML = verdict(times, this.#language)
    this.querySelectorAll('output').forEach((output, at) => (output.value = `${times[at]} ms`))
    if ('ready' in this.dataset) history.replaceState(null, '', `#t=${times.join(',')}`)
  }

  #out(name: string): Element {
    return this.querySelector(`[data-out=${name}]`) as Element
  }

  get #svg(): SVGSVGElement {
    return this.querySelector('svg') as SVGSVGElement
  }

  get #sliders(): HTMLInputElement[] {
    return [...this.querySelectorAll('input')]
  }
}
