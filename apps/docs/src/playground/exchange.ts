// One NTP exchange with four times of one's own choice: the answer is a real packet, judged as the client judges it.

import { type Answer, encodePacket, fromUnixNanoseconds, readAnswer } from '@plainwire/ntp-client/packet'
import type { Language } from './language.ts'

/** Milliseconds; the outer two by the client's clock, the inner two by the server's. */
export type Times = readonly [t1: number, t2: number, t3: number, t4: number]

/** What both axes show, in milliseconds. */
export const RANGE_MS = 200
export const BEGINNING: Times = [20, 95, 105, 90]

/** Any moment will do: only differences count. */
const START_NS = 1_795_000_000_000_000_000n
/** Bits that the answer has to repeat. */
const COOKIE = 0x564e_754a_1137_1e02n

export function judge([t1, t2, t3, t4]: Times): Answer {
  const at = (ms: number): bigint => fromUnixNanoseconds(START_NS + BigInt(Math.round(ms * 1e6)))
  const packet = encodePacket({
    version: 4,
    mode: 4,
    stratum: 2,
    originTimestamp: COOKIE,
    receiveTimestamp: at(t2),
    transmitTimestamp: at(t3),
  })
  return readAnswer(packet, { cookie: COOKIE, sentAt: at(t1), receivedAt: at(t4) })
}

const WIDTH = 700
const LEFT = 40
const CLIENT_Y = 60
const SERVER_Y = 190

export function xOf(ms: number): number {
  return LEFT + (ms / RANGE_MS) * (WIDTH - 2 * LEFT)
}

export function msOf(x: number): number {
  return Math.max(0, Math.min(RANGE_MS, Math.round(((x - LEFT) / (WIDTH - 2 * LEFT)) * RANGE_MS)))
}

/** The inside of an SVG of 700 × 250. */
export function picture(times: Times, language: Language): string {
  const [t1, t2, t3, t4] = times.map(xOf) as [number, number, number, number]
  const words = WORDS[language]
  const ticks = Array.from({ length: 11 }, (_, at) => {
    const x = xOf(at * 20)
    return `<path class="tick" d="M${x} ${CLIENT_Y - 4}v8M${x} ${SERVER_Y - 4}v8"/>`
  })
  const point = (name: string, x: number, y: number, up: boolean): string =>
    `<g data-time="${name}"><circle cx="${x}" cy="${y}" r="16" class="grip"/><circle cx="${x}" cy="${y}" r="8" class="point"/><text x="${x}" y="${up ? y - 16 : y + 28}">${name.toUpperCase()}</text></g>`
  return [
    `<text class="clock" x="${LEFT}" y="18">${words.client}</text>`,
    `<text class="clock" x="${LEFT}" y="${SERVER_Y + 52}">${words.server}</text>`,
    `<path class="axis" d="M${LEFT} ${CLIENT_Y}H${WIDTH - LEFT}M${LEFT} ${SERVER_Y}H${WIDTH - LEFT}"/>`,
    ...ticks,
    arrow(t1, CLIENT_Y, t2, SERVER_Y),
    arrow(t3, SERVER_Y, t4, CLIENT_Y),
    point('t1', t1, CLIENT_Y, true),
    point('t2', t2, SERVER_Y, false),
    point('t3', t3, SERVER_Y, false),
    point('t4', t4, CLIENT_Y, true),
  ].join('')
}

export function verdict(times: Times, language: Language): string {
  const words = WORDS[language]
  const answer = judge(times)
  if (answer.kind === 'dropped') return `<strong>${words.dropped}</strong> <code>${answer.reason}</code>`
  const offset = Number(answer.sample.offsetNs) / 1e6
  const delay = Number(answer.sample.delayNs) / 1e6
  const clock = offset === 0 ? words.right : offset > 0 ? words.behind : words.ahead
  return [
    `<strong>${words.offset}</strong> ((T2 − T1) + (T3 − T4)) / 2 = <strong>${offset} ms</strong>: ${clock}`,
    `<strong>${words.delay}</strong> (T4 − T1) − (T3 − T2) = <strong>${delay} ms</strong>`,
    `${words.bound} ${offset - delay / 2} … ${offset + delay / 2} ms`,
  ].join('<br>')
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1)
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [x, y] = [x2 - dx * 10, y2 - dy * 10]
  const head = `M${x} ${y}L${x - dx * 12 - dy * 6} ${y - dy * 12 + dx * 6}L${x - dx * 12 + dy * 6} ${y - dy * 12 - dx * 6}z`
  return `<path class="way" d="M${x1} ${y1}L${x} ${y}"/><path class="way-head" d="${head}"/>`
}

export const WORDS = {
  en: {
    client: 'your clock',
    server: 'the server’s clock',
    title: 'Two clocks and the two ways between them; the figures below say the same',
    t1: 'T1: the question leaves',
    t2: 'T2: it reaches the server',
    t3: 'T3: the answer leaves',
    t4: 'T4: it is here',
    offset: 'Offset',
    delay: 'Delay',
    behind: 'your clock is behind',
    ahead: 'your clock is ahead',
    right: 'your clock is right',
    bound: 'However unevenly the delay was split between the two ways, the truth lies within',
    dropped: 'The client drops this answer:',
  },
  es: {
    client: 'tu reloj',
    server: 'el reloj del servidor',
    title: 'Dos relojes y los dos caminos entre ellos; las cifras de abajo dicen lo mismo',
    t1: 'T1: sale la pregunta',
    t2: 'T2: llega al servidor',
    t3: 'T3: sale la respuesta',
    t4: 'T4: ya está aquí',
    offset: 'Desfase',
    delay: 'Retardo',
    behind: 'tu reloj atrasa',
    ahead: 'tu reloj adelanta',
    right: 'tu reloj va bien',
    bound: 'Se repartiera como se repartiera el retardo entre los dos caminos, la verdad está entre',
    dropped: 'El cliente descarta esta respuesta:',
  },
} as const
