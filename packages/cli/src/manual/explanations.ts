// What a word means that plainwire prints: exit statuses, codes of errors, fields of answers.

import { exitCodeOf, faults } from '../failure.ts'
import { type Localized, say } from '../language.ts'
import { ERROR_MEANINGS, SYSTEM_NAMES } from './error-meanings.ts'
import { exitStatuses } from './exit-statuses.ts'

export interface Explanation {
  readonly name: string
  readonly kind: string
  /** Other spellings. */
  readonly also: readonly string[]
  readonly meaning: string
  readonly advice?: string
  readonly exitCode?: number
}

const FIELDS: Readonly<Record<string, readonly [meaning: Localized, ...also: string[]]>> = {
  offset: [
    {
      en: 'What to add to the local clock to agree with the server: positive where the local clock is behind. RFC 5905 calls it theta.',
      es: 'Lo que hay que sumar al reloj local para coincidir con el servidor: positivo si el local va atrasado. RFC 5905 lo llama theta.',
    },
    'offsetMs',
    'desfase',
  ],
  delay: [
    {
      en: 'The round trip to the server and back, without the time spent in it. Half of it bounds the network’s part in the error.',
      es: 'Ida y vuelta hasta el servidor, sin el tiempo que pasó en él. La mitad acota el error debido a la red.',
    },
    'delayMs',
    'retardo',
  ],
  maxError: [
    {
      en: 'The true offset lies within the offset plus or minus this, if the server is right.',
      es: 'El desfase verdadero está en el desfase más o menos esto, si el servidor acierta.',
    },
    'maxErrorMs',
  ],
  stratum: [
    {
      en: 'How far a server is from a reference clock: 1 has one of its own, 2 asks a stratum 1, up to 15; 16 and 0 know no time.',
      es: 'A qué distancia está un servidor de un reloj de referencia: 1 tiene uno propio, 2 pregunta a uno de estrato 1, hasta 15; 16 y 0 no saben la hora.',
    },
    'estrato',
  ],
  leap: [
    {
      en: 'The leap indicator: 0 no warning; 1 or 2, the last minute of the day has 61 or 59 seconds; 3, the server’s clock is not set.',
      es: 'El indicador de segundo intercalar: 0 sin aviso; 1 o 2, el último minuto del día tiene 61 o 59 segundos; 3, el reloj del servidor no está en hora.',
    },
  ],
  referenceId: [
    {
      en: 'At stratum 1 the name of the reference clock, such as GPS; above, the address of the server’s own server; at stratum 0 a kiss code.',
      es: 'En el estrato 1, el nombre del reloj de referencia, como GPS; más arriba, la dirección del servidor del servidor; en el estrato 0, un código de rechazo.',
    },
    'refid',
  ],
  rootDelay: [
    {
      en: 'The round trip from the server to its reference clock and back.',
      es: 'Ida y vuelta desde el servidor hasta su reloj de referencia.',
    },
    'rootDelayMs',
  ],
  rootDispersion: [
    {
      en: 'The server’s own bound on its error against its reference clock; it grows between two settings of its clock.',
      es: 'La cota que da el propio servidor de su error frente a su reloj de referencia; crece entre dos puestas en hora.',
    },
    'rootDispersionMs',
    'dispersion',
  ],
  jitter: [
    {
      en: 'How much the samples of one server, or the survivors among several, differ: root mean square.',
      es: 'Cuánto difieren las muestras de un servidor, o los que quedan entre varios: media cuadrática.',
    },
    'jitterMs',
  ],
  poll: [
    {
      en: 'How often to ask, as a power of two in seconds: 6 is every 64 s.',
      es: 'Cada cuánto preguntar, como potencia de dos en segundos: 6 es cada 64 s.',
    },
  ],
  precision: [
    {
      en: 'The smallest step of the server’s clock, as a power of two in seconds: −20 is about a microsecond.',
      es: 'El menor paso del reloj del servidor, como potencia de dos en segundos: −20 es cerca de un microsegundo.',
    },
  ],
  falseticker: [
    {
      en: 'A server that cannot be right if the majority is: its time lies outside what the others agree on.',
      es: 'Un servidor que no puede tener razón si la mayoría la tiene: su hora cae fuera de lo que acuerdan los demás.',
    },
    'mentiroso',
  ],
  survivor: [
    {
      en: 'A server that the majority agrees with, and whose offset was combined into the answer.',
      es: 'Un servidor con el que la mayoría está de acuerdo y cuyo desfase entró en la respuesta.',
    },
  ],
  outlier: [
    {
      en: 'A server that may be right and is further off than the survivors: left out of the answer.',
      es: 'Un servidor que puede tener razón pero se aleja más que los que quedan: no entra en la respuesta.',
    },
  ],
  drift: [
    {
      en: 'How fast two clocks run apart, in parts per million: 1 ppm is 86 ms a day.',
      es: 'A qué ritmo se separan dos relojes, en partes por millón: 1 ppm son 86 ms al día.',
    },
    'driftPpm',
    'deriva',
  ],
  backlog: [
    {
      en: 'How many connections the kernel completes and keeps for a program that has not yet accepted them.',
      es: 'Cuántas conexiones completa y guarda el núcleo para un programa que aún no las ha aceptado.',
    },
  ],
  descriptor: [
    {
      en: 'The small number by which a process knows an open file or socket.',
      es: 'El número pequeño con el que un proceso conoce un fichero o socket abierto.',
    },
  ],
  firstByte: [
    {
      en: 'From when the request was out until the first byte of the response: the network’s round trip and the server’s work.',
      es: 'Desde que salió la petición hasta el primer byte de la respuesta: ida y vuelta de la red y trabajo del servidor.',
    },
    'ttfb',
  ],
  omission: [
    {
      en: 'Without a rate a generator waits for a server that stalls, and so does not ask when asking would have been slow: the latency looks better than it is.',
      es: 'Sin ritmo fijo, un generador espera al servidor atascado y no pregunta cuando preguntar habría sido lento: la latencia parece mejor de lo que es.',
    },
  ],
}

export function explanations(): Explanation[] {
  const status = say({ en: 'exit status', es: 'estado de salida' })
  const error = say({ en: 'error', es: 'error' })
  const field = say({ en: 'field', es: 'campo' })
  return [
    ...exitStatuses().map(({ code, meaning }) => ({ name: String(code), kind: status, also: [], meaning })),
    ...Object.entries(ERROR_MEANINGS).map(([code, meaning]): Explanation => {
      const advice = faults()[code]?.advice
      return {
        name: code,
        kind: error,
        also: SYSTEM_NAMES[code] ?? [],
        meaning: say(meaning),
        ...(advice && { advice: say(advice) }),
        exitCode: exitCodeOf(code),
      }
    }),
    ...Object.entries(FIELDS).map(([name, [meaning, ...also]]) => ({ name, kind: field, also, meaning: say(meaning) })),
  ]
}
