// The parts of an NTP packet: runs and words by `dissectPacket`, values changed by decoding, changing and encoding again.

import {
  decodePacket,
  dissectPacket,
  encodePacket,
  formatMoment,
  formatReferenceId,
  fromUnixNanoseconds,
  millisecondsToShort,
  type NtpPacket,
  type NtpTimestamp,
  parseReferenceId,
  shortToMilliseconds,
  toUnixNanoseconds,
} from '@plainwire/ntp-client/packet'
import type { Dissection, Edit } from './dissection.ts'
import type { Localized } from './language.ts'

/** How a value becomes text and text a value. */
interface Form<Value> {
  readonly format: (value: Value, packet: NtpPacket) => string
  readonly parse: (text: string, packet: NtpPacket) => Value
}

interface Field {
  readonly clause: string
  readonly about: Localized
  readonly edits: (packet: NtpPacket) => readonly Edit[]
}

const number: Form<number> = { format: String, parse: wholeNumber }
const shortMs: Form<number> = {
  format: (short) => shortToMilliseconds(short).toFixed(3),
  parse: (text) => millisecondsToShort(Number(text)),
}
const referenceId: Form<number> = {
  format: (id, { stratum }) => formatReferenceId(id, stratum),
  parse: (text) => parseReferenceId(text),
}

/** Of all moments that share a timestamp the one nearest to now is shown. */
function moment(nowNs: bigint): Form<NtpTimestamp> {
  return {
    format: (timestamp) => (timestamp === 0n ? '' : formatMoment(toUnixNanoseconds(timestamp, nowNs))),
    parse: (text) => (text.trim() === '' ? 0n : fromUnixNanoseconds(parseMoment(text.trim()))),
  }
}

/** Every packet of 48 bytes or more has the same eleven fields. */
export function dissectNtp(bytes: Uint8Array, nowNs: bigint): Dissection {
  try {
    const packet = decodePacket(bytes)
    const fields = fieldsOf(nowNs)
    const parts = dissectPacket(bytes, nowNs).map((span, index) => {
      const { clause, about, edits } = fields[index] ?? TRAILER
      return { ...span, clause, about, edits: edits(packet) }
    })
    return { parts }
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    const fault = { offset: bytes.length, code: code ?? '', message, clause: 'RFC 5905 §7.3' }
    return { parts: [], fault }
  }
}

function edit<Name extends keyof NtpPacket>(
  name: Name,
  shown: string,
  form: Form<NtpPacket[Name]>,
): (packet: NtpPacket) => Edit {
  return (packet) => ({
    name: shown,
    value: form.format(packet[name], packet),
    apply: (text) => encodePacket({ ...packet, [name]: form.parse(text, packet) }),
  })
}

const TRAILER: Field = {
  clause: 'RFC 7822',
  about: {
    en: 'Extension fields and a message authentication code. Most packets have none.',
    es: 'Campos de extensión y un código de autenticación. La mayoría de los paquetes no los lleva.',
  },
  edits: () => [],
}

function fieldsOf(nowNs: bigint): readonly Field[] {
  const time = moment(nowNs)
  const bits = [edit('leap', 'leap', number), edit('version', 'version', number), edit('mode', 'mode', number)]
  const one = (change: (packet: NtpPacket) => Edit) => (packet: NtpPacket) => [change(packet)]
  return [
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'Three numbers in one byte: two bits that warn of a leap second (3: not synchronized), three of version, three that say who speaks (3 a client, 4 a server).',
        es: 'Tres números en un byte: dos bits que avisan de un segundo intercalar (3: sin sincronizar), tres de versión y tres que dicen quién habla (3 un cliente, 4 un servidor).',
      },
      edits: (packet) => bits.map((change) => change(packet)),
    },
    {
      clause: 'RFC 5905 §7.3, figure 11',
      about: {
        en: 'Distance from a reference clock: 1 has one attached, 2 asks a 1, and so on. 0 means a refusal, whose code stands in the reference id.',
        es: 'Distancia a un reloj de referencia: 1 lo tiene conectado, 2 pregunta a un 1, y así. 0 es una negativa, cuyo código va en el reference id.',
      },
      edits: one(edit('stratum', 'stratum', number)),
    },
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'How long the sender waits between two requests, as a power of two of seconds.',
        es: 'Cuánto espera el emisor entre dos preguntas, en segundos, como potencia de dos.',
      },
      edits: one(edit('poll', 'poll, 2^', number)),
    },
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'The smallest step that the sender’s clock can tell, as a power of two of seconds: −20 is about a microsecond.',
        es: 'El paso más pequeño que distingue el reloj del emisor, en segundos, como potencia de dos: −20 es cerca de un microsegundo.',
      },
      edits: one(edit('precision', 'precision, 2^', number)),
    },
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'Round trip from the server to its reference clock. Half of it is part of how wrong the answer may be.',
        es: 'Ida y vuelta del servidor a su reloj de referencia. La mitad forma parte del error posible.',
      },
      edits: one(edit('rootDelay', 'ms', shortMs)),
    },
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'The server’s own bound on its error against the reference clock.',
        es: 'La cota que el propio servidor da de su error frente al reloj de referencia.',
      },
      edits: one(edit('rootDispersion', 'ms', shortMs)),
    },
    {
      clause: 'RFC 5905 §7.3, figure 12',
      about: {
        en: 'Whom the server follows: four letters at stratum 0 and 1 (GPS, RATE), an IPv4 address above.',
        es: 'A quién sigue el servidor: cuatro letras en los estratos 0 y 1 (GPS, RATE), una dirección IPv4 por encima.',
      },
      edits: one(edit('referenceId', 'reference id', referenceId)),
    },
    {
      clause: 'RFC 5905 §7.3',
      about: {
        en: 'When the server’s clock was last set.',
        es: 'Cuándo se ajustó por última vez el reloj del servidor.',
      },
      edits: one(edit('referenceTimestamp', 'reference', time)),
    },
    {
      clause: 'RFC 5905 §8, RFC 9109',
      about: {
        en: 'T1. In an answer: the request’s last eight bytes, bit for bit. That is how a client knows its answer.',
        es: 'T1. En una respuesta: los ocho últimos bytes de la pregunta, bit a bit. Así reconoce el cliente su respuesta.',
      },
      edits: one(edit('originTimestamp', 'origin', time)),
    },
    {
      clause: 'RFC 5905 §8',
      about: {
        en: 'T2: when the request reached the server, by the server’s clock.',
        es: 'T2: cuándo llegó la pregunta al servidor, según el reloj del servidor.',
      },
      edits: one(edit('receiveTimestamp', 'receive', time)),
    },
    {
      clause: 'RFC 5905 §8, RFC 9109',
      about: {
        en: 'T3: when the answer left. In a request: 64 random bits, so that the client’s clock is nobody’s business.',
        es: 'T3: cuándo salió la respuesta. En una pregunta: 64 bits al azar, para no contar a nadie la hora del cliente.',
      },
      edits: one(edit('transmitTimestamp', 'transmit', time)),
    },
  ]
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text.trim())) throw new RangeError(`${JSON.stringify(text)} is not a whole number`)
  return Number(text)
}

/** RFC 3339 in UTC, to the nanosecond. */
function parseMoment(text: string): bigint {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(text) ?? []
  const ms = Date.parse(`${seconds?.replace(' ', 'T')}Z`)
  if (Number.isNaN(ms)) throw new RangeError(`${JSON.stringify(text)} is no time like 2026-11-22T16:00:00.25Z`)
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
