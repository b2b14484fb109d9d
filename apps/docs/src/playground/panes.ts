// A dissection as HTML: the bytes, each run coloured by its part, and the parts. The same text is written into the page
// when the site is built and by the browser afterwards, so that what is read without JavaScript is what runs with it.

import type { Dissection, Part } from './dissection.ts'
import type { Language } from './language.ts'
import { hex } from './message-text.ts'
import { say } from './words.ts'

/** Colours take turns; neighbours always differ. */
const COLOURS = 8
/** 64 KiB. What is beyond is counted, not drawn. */
const MOST_BYTES = 65_536

export function bytesPane(bytes: Uint8Array, { parts, fault }: Dissection, language: Language, columns = 16): string {
  const rows: string[] = []
  const shown = Math.min(bytes.length, MOST_BYTES)
  let part = 0
  for (let start = 0; start < shown; start += columns) {
    const end = Math.min(start + columns, shown)
    let codes = ''
    let letters = ''
    for (let at = start; at < end;) {
      while (part < parts.length && endOf(parts[part]) <= at) part += 1
      const owner = parts[part]
      const isOwned = owner !== undefined && owner.offset <= at
      const stop = Math.min(end, isOwned ? endOf(owner) : (owner?.offset ?? end))
      const run = runOf(bytes, at, stop, fault?.offset)
      if (isOwned) {
        const colour = `data-part="${part}" class="c${part % COLOURS}"`
        codes +=
          at === owner.offset
            ? `<button type="button" tabindex="-1" ${colour} aria-label="${hexOf(bytes, at, stop)}: ${escaped(describe(owner, language))}">${run.codes}</button>`
            : `<span ${colour}>${run.codes}</span>`
        letters += `<span ${colour}>${run.letters}</span>`
      } else {
        codes += `<span class="nobody">${run.codes}</span>`
        letters += `<span class="nobody">${run.letters}</span>`
      }
      if (stop < end) codes += ' '
      at = stop
    }
    const padding = ' '.repeat((columns - (end - start)) * 3)
    rows.push(
      `<div class="row"><span class="at">${start.toString(16).padStart(4, '0')}</span>  <span class="codes">${codes}${padding}</span>  <span class="letters">${letters}</span></div>`,
    )
  }
  if (fault && fault.offset >= bytes.length)
    rows.push(`<div class="row"><mark class="fault">${say(language).missing}</mark></div>`)
  if (bytes.length > shown) rows.push(`<div class="row">… ${bytes.length - shown} ${say(language).more}</div>`)
  return rows.join('')
}

export function partsPane({ parts, fault }: Dissection, language: Language): string {
  const items = parts.map(
    (part, index) =>
      `<li role="option" id="part-${index}" data-part="${index}" class="c${index % COLOURS}" aria-selected="false"><span class="label">${escaped(part.label)}</span> <span class="place">${place(part, language)} <span class="clause">${part.clause}</span></span></li>`,
  )
  const words = say(language)
  const refusal =
    fault === undefined
      ? ''
      : `<div class="refusal"><strong>${words.refused}</strong> <code>${escaped(fault.code)}</code> ${words.atByte} ${fault.offset} <span class="clause">${fault.clause}</span><br>${escaped(fault.message)}</div>`
  if (items.length === 0) return refusal
  return `${refusal}<ol role="listbox" tabindex="0" aria-label="${words.fields}">${items.join('')}</ol>`
}

export function describe(part: Part, language: Language): string {
  return `${part.label}, ${place(part, language)}`
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function place({ offset, length }: Part, language: Language): string {
  const { byte, bytes } = say(language)
  return length === 1 ? `${byte} ${offset}` : `${bytes} ${offset}–${offset + length - 1}`
}

function endOf(part: Part | undefined): number {
  return part === undefined ? 0 : part.offset + part.length
}

/** A name begins with what can be seen: who speaks to their computer says that. */
function hexOf(bytes: Uint8Array, start: number, end: number): string {
  return [...bytes.subarray(start, end)].map(hex).join(' ')
}

/** The byte at fault is marked. */
function runOf(bytes: Uint8Array, start: number, end: number, fault = -1): { codes: string; letters: string } {
  const codes: string[] = []
  let letters = ''
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    const letter = byte >= 0x20 && byte < 0x7f ? escaped(String.fromCharCode(byte)) : '·'
    codes.push(at === fault ? `<mark class="fault">${hex(byte)}</mark>` : hex(byte))
    letters += at === fault ? `<mark class="fault">${letter}</mark>` : letter
  }
  return { codes: codes.join(' '), letters }
}
