// What the packages call the bytes of a message, in the person's language. Their labels are in English and for people.

import { inSpanish } from '../causes-in-spanish.ts'
import { language } from '../language.ts'

type Rule = readonly [english: RegExp, spanish: string]

const OF_HTTP: readonly Rule[] = [
  [/^request line /, 'línea de petición '],
  [/^status line /, 'línea de estado '],
  [/^header /, 'cabecera '],
  [/^trailer /, 'campo final '],
  [/^empty line: the head ends$/, 'línea vacía: acaba la cabecera'],
  [/^empty line: the body ends$/, 'línea vacía: acaba el cuerpo'],
  [/^empty line before a message$/, 'línea vacía antes de un mensaje'],
  [/^(?:chunk of (\d+ bytes?)), extended by /, 'trozo de $1, con extensión '],
  [/^chunk of /, 'trozo de '],
  [/^last chunk, extended by /, 'último trozo, con extensión '],
  [/^last chunk$/, 'último trozo'],
  [/^end of the chunk$/, 'fin del trozo'],
  [/^content, /, 'contenido, '],
  [/^behind the last message, /, 'tras el último mensaje, '],
]

const MODES: readonly Rule[] = [
  [/\(reserved\)$/, '(reservado)'],
  [/\(symmetric active\)$/, '(simétrico activo)'],
  [/\(symmetric passive\)$/, '(simétrico pasivo)'],
  [/\(client\)$/, '(cliente)'],
  [/\(server\)$/, '(servidor)'],
  [/\(broadcast\)$/, '(difusión)'],
  [/\(private\)$/, '(privado)'],
]

const OF_NTP: readonly Rule[] = [
  [/^leap (\d), version (\d), mode (?=\d )/, 'intercalar $1, versión $2, modo '],
  [/^stratum (?=\d)/, 'estrato '],
  [/^poll (?=2\^)/, 'sondeo '],
  [/^precision (?=2\^)/, 'precisión '],
  [/^root delay (?=-?\d)/, 'retardo a la raíz '],
  [/^root dispersion (?=-?\d)/, 'dispersión a la raíz '],
  [/^reference id\b/, 'id de referencia'],
  [/^reference unknown$/, 'referencia desconocida'],
  [/^reference (?=\d)/, 'referencia '],
  [/^origin repeats the request$/, 'origen: repite la petición'],
  [/^origin unknown$/, 'origen desconocido'],
  [/^origin (?=\d)/, 'origen '],
  [/^receive unknown$/, 'recepción desconocida'],
  [/^receive (?=\d)/, 'recepción '],
  [/^transmit random bits$/, 'envío: bits al azar'],
  [/^transmit unknown$/, 'envío desconocido'],
  [/^transmit (?=\d)/, 'envío '],
  [/^extension fields, MAC$/, 'campos de extensión, MAC'],
]

const REFUSED = /^refused: /

export function labelInSpanish(label: string): string {
  if (REFUSED.test(label)) return `rechazado: ${inSpanish(label.replace(REFUSED, ''))}`
  const rule = [...OF_HTTP, ...OF_NTP].find(([english]) => english.test(label))
  if (rule === undefined) return label
  const told = label.replace(...rule)
  return label.startsWith('leap ') ? MODES.reduce((text, mode) => text.replace(...mode), told) : told
}

/** The label of a span as it is shown. */
export function shownLabel(label: string): string {
  return language === 'es' ? labelInSpanish(label) : label
}
