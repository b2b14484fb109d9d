// Every byte of an NTP exchange with what it means: request, answer, and the four times that the result comes from.

import { dissectPacket, formatMoment } from '@plainwire/ntp-client/packet'
import type { NtpExchange } from '@plainwire/ntp-client'
import { say } from '../language.ts'
import { dumpLines } from './dump.ts'

export function traceExchange(exchange: NtpExchange): string[] {
  const { request, response, t1Ns, t2Ns, t3Ns, t4Ns } = exchange
  return [
    say({ en: `request, ${request.length} bytes`, es: `petición, ${request.length} bytes` }),
    ...dumpLines(request, dissectPacket(request, t1Ns)),
    say({ en: `answer, ${response.length} bytes`, es: `respuesta, ${response.length} bytes` }),
    ...dumpLines(response, dissectPacket(response, t4Ns)),
    `T1 ${formatMoment(t1Ns)}  ${say({ en: 'the request leaves, by our clock', es: 'sale la petición, según nuestro reloj' })}`,
    `T2 ${formatMoment(t2Ns)}  ${say({ en: 'it arrives, by the server’s', es: 'llega, según el del servidor' })}`,
    `T3 ${formatMoment(t3Ns)}  ${say({ en: 'the answer leaves, by the server’s', es: 'sale la respuesta, según el del servidor' })}`,
    `T4 ${formatMoment(t4Ns)}  ${say({ en: 'it arrives, by ours', es: 'llega, según el nuestro' })}`,
    `((T2 − T1) + (T3 − T4)) / 2 = ${milliseconds(exchange.offsetNs)}  ${say({ en: 'offset', es: 'desfase' })}`,
    `(T4 − T1) − (T3 − T2)       = ${milliseconds(exchange.delayNs)}  ${say({ en: 'delay', es: 'retardo' })}`,
  ]
}

function milliseconds(ns: bigint): string {
  return `${(Number(ns) / 1e6).toFixed(6)} ms`
}
