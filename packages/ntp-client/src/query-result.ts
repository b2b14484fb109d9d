import { type WireError } from '@plainwire/socket-utils/errors'
import { type DropCounts } from './protocol/drops.ts'
import { type DropReason } from './protocol/exchange.ts'
import { estimate, type Estimate } from './protocol/estimate.ts'
import { type NtpPacket } from './protocol/packet.ts'
import { formatReferenceId } from './protocol/reference-id.ts'
import { shortToMilliseconds } from './protocol/timestamp.ts'
import { type NtpExchange } from './udp-exchange.ts'

export interface QueryResult extends Estimate {
  /** Add to the local clock to agree with the server: positive where the local clock is behind. θ in RFC 5905 §8. */
  readonly offsetMs: number
  readonly offsetNs: bigint
  /** The network's round trip, without the time spent in the server; half of it bounds the network's part in maxErrorMs. δ. */
  readonly delayMs: number
  readonly delayNs: bigint
  /** 0 no warning; 1 or 2 a leap second is due, the last minute of the day has 61 or 59 seconds. */
  readonly leap: number
  /** 1 has a reference clock of its own, 2 asks a stratum 1, and so on to 15. */
  readonly stratum: number
  /** The reference clock's name at stratum 1 (`GPS`), else the address of the server's own server. */
  readonly referenceId: string
  /** From the server to its reference clock and back. */
  readonly rootDelayMs: number
  /** The server's bound on its own error against the reference clock. */
  readonly rootDispersionMs: number
  /** The whole answer, decoded. */
  readonly header: NtpPacket
  /** Who was asked, and the address that answered. */
  readonly server: { readonly host: string; readonly address: string; readonly port: number }
  /** All answered exchanges in order; fewer than asked for where an answer was lost. */
  readonly samples: readonly NtpExchange[]
  /** Datagrams that were not the answer, by reason. */
  readonly dropped: DropCounts<DropReason>
  /** What ended the samples early, such as a kiss-o'-death after the first; undefined where nothing did. */
  readonly stoppedBy: WireError | undefined
}

/** What `samples`, one or more in the order of their arrival, tell at the time of the last of them. */
export function queryResult(
  samples: readonly NtpExchange[],
  context: Pick<QueryResult, 'server' | 'dropped' | 'stoppedBy'>,
): QueryResult {
  const { best, ...bounds } = estimate(samples, samples.at(-1)?.t4Ns ?? 0n)
  const { offsetNs, delayNs, header } = best
  return {
    offsetMs: Number(offsetNs) / 1e6,
    offsetNs,
    delayMs: Number(delayNs) / 1e6,
    delayNs,
    leap: header.leap,
    stratum: header.stratum,
    referenceId: formatReferenceId(header.referenceId, header.stratum),
    rootDelayMs: shortToMilliseconds(header.rootDelay),
    rootDispersionMs: shortToMilliseconds(header.rootDispersion),
    ...bounds,
    header,
    samples,
    ...context,
  }
}
