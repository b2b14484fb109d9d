// What is known of one part, and the form that changes it.

import type { Edit, Part } from './dissection.ts'
import type { Language } from './language.ts'
import { say } from './words.ts'

/** `apply` says why a value is not taken. */
export function partCard(
  card: HTMLElement,
  { label, clause, about, edits }: Part,
  language: Language,
  apply: (edit: Edit, value: string) => string | undefined,
): void {
  const words = say(language)
  const title = made('p', 'title', label)
  title.append(' ', made('span', 'clause', clause))
  card.replaceChildren(title, made('p', 'about', about[language]))
  for (const edit of edits) {
    const form = document.createElement('form')
    const input = document.createElement('input')
    input.value = edit.value
    input.spellcheck = false
    input.size = Math.min(48, Math.max(8, edit.value.length + 2))
    const name = made('label', '', edit.name === '' ? words.bytesOf : edit.name)
    name.append(' ', input)
    const complaint = made('span', 'complaint', '')
    complaint.role = 'status'
    form.append(name, made('button', '', words.apply), complaint)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      complaint.textContent = apply(edit, input.value) ?? ''
    })
    card.append(form)
  }
}

function made(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.textContent = text
  return element
}
