// <ntp-majority>: servers that are dragged apart, with their names, by sliders or in the picture.

import { pageLanguage } from './language.ts'
import { type Claimant, msPerUnit, picture, type Scene, scene, verdict } from './majority.ts'

export class NtpMajority extends HTMLElement {
  readonly #language = pageLanguage()
  #dragged: { readonly slider: HTMLInputElement; readonly fromX: number; readonly fromMs: number } | undefined

  connectedCallback(): void {
    const choice = this.querySelector('select') as HTMLSelectElement
    choice.addEventListener('change', (event) => {
      event.stopPropagation()
      this.#place(scene(choice.value as Scene))
    })
    this.addEventListener('input', (event) => {
      if (event.target instanceof HTMLInputElement) this.#draw()
    })
    const svg = this.#svg
    svg.addEventListener('pointerdown', (event) => this.#grab(event))
    svg.addEventListener('pointermove', (event) => this.#drag(event))
    for (const end of ['pointerup', 'pointercancel']) svg.addEventListener(end, () => (this.#dragged = undefined))
    const shared = /^#s=([\d.,-]+)$/.exec(location.hash)?.[1]?.split(',').map(Number)
    if (shared?.length === 10 && shared.every(Number.isFinite)) this.#place(fromNumbers(shared))
    else this.#draw()
    this.dataset['ready'] = ''
  }

  #place(claimants: readonly Claimant[]): void {
    for (const { name, offsetMs, errorMs } of claimants) {
      this.#slider(`offset-${name}`).value = String(offsetMs)
      this.#slider(`error-${name}`).value = String(errorMs)
    }
    this.#draw()
  }

  #grab(event: PointerEvent): void {
    const name = (event.target as Element).closest<SVGElement>('[data-server]')?.dataset['server']
    const at = this.#pointIn(event)
    if (name === undefined || at === undefined) return
    event.preventDefault()
    const slider = this.#slider(`offset-${name}`)
    this.#svg.setPointerCapture(event.pointerId)
    this.#dragged = { slider, fromX: at, fromMs: Number(slider.value) }
    slider.focus()
  }

  #drag(event: PointerEvent): void {
    const at = this.#pointIn(event)
    if (this.#dragged === undefined || at === undefined) return
    const { slider, fromX, fromMs } = this.#dragged
    slider.value = String(Math.round(fromMs + (at - fromX) * msPerUnit()))
    this.#draw()
  }

  #draw(): void {
    const claimants = this.#claimants()
    this.#out('picture').innerHTML = picture(claimants)
    this.#out('verdict').innerHTML = verdict(claimants, this.#language)
    for (const { name, offsetMs, errorMs } of claimants) {
      const output = this.querySelector<HTMLOutputElement>(`output[name="${name}"]`)
      if (output) output.value = `${offsetMs} ± ${errorMs} ms`
    }
    if ('ready' in this.dataset)
      history.replaceState(
        null,
        '',
        `#s=${claimants.flatMap(({ offsetMs, errorMs }) => [offsetMs, errorMs]).join(',')}`,
      )
  }

  #claimants(): Claimant[] {
    return scene('honest').map(({ name }) => ({
      name,
      offsetMs: Number(this.#slider(`offset-${name}`).value),
      errorMs: Number(this.#slider(`error-${name}`).value),
    }))
  }

  #pointIn(event: PointerEvent): number | undefined {
    const toPicture = this.#svg.getScreenCTM()?.inverse()
    return toPicture && new DOMPoint(event.clientX, event.clientY).matrixTransform(toPicture).x
  }

  #slider(name: string): HTMLInputElement {
    return this.querySelector(`input[name="${name}"]`) as HTMLInputElement
  }

  #out(name: string): Element {
    return this.querySelector(`[data-out=${name}]`) as Element
  }

  get #svg(): SVGSVGElement {
    return this.querySelector('svg') as SVGSVGElement
  }
}

function fromNumbers(numbers: readonly number[]): Claimant[] {
  return scene('honest').map(({ name }, at) => ({
    name,
    offsetMs: numbers[at * 2] ?? 0,
    errorMs: numbers[at * 2 + 1] ?? 1,
  }))
}
