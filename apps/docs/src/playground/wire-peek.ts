// <wire-peek>: a message that was taken apart when the site was built, to be looked at.

import { LinkedPanes } from './linked-panes.ts'

export class WirePeek extends HTMLElement {
  connectedCallback(): void {
    const [bytes, parts] = this.querySelectorAll<HTMLElement>('[data-pane]')
    const abouts = [...this.querySelectorAll<HTMLElement>('[data-about]')]
    if (bytes === undefined || parts === undefined) return
    const panes = new LinkedPanes(bytes, parts, (index) => {
      for (const [at, about] of abouts.entries()) about.hidden = at !== index + 1
    })
    // Pointing is enough here.
    this.addEventListener('pointerover', (event) => {
      const part = (event.target as Element).closest<HTMLElement>('[data-part]')?.dataset['part']
      if (part !== undefined) panes.select(Number(part))
    })
  }
}
