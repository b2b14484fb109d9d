import { quoted } from '@plainwire/socket-utils/errors'

/** Milliseconds above 0; Infinity for no deadline. */
export interface DeadlineOptions {
  /** From the accept until the PROXY header and the TLS handshake are done, where there are such. Default 10000. */
  readonly handshakeMs?: number | undefined
  /** From then until the client's first byte. Default none. */
  readonly firstByteMs?: number | undefined
  /** The longest silence of both sides, while the handler waits for the client. Default none. */
  readonly idleMs?: number | undefined
  /** How long the client may leave what was written lying, before it has taken all of it. Default none. */
  readonly writeMs?: number | undefined
  /** For the whole connection. Default none: what else can end a client that sends a byte now and then? */
  readonly totalMs?: number | undefined
}

/** All of them told; Infinity for none. */
export type Deadlines = { readonly [Key in keyof DeadlineOptions]-?: number }

const DEFAULTS: Deadlines = {
  handshakeMs: 10_000,
  firstByteMs: Infinity,
  idleMs: Infinity,
  writeMs: Infinity,
  totalMs: Infinity,
}

/** RangeError for one that is not above 0. */
export function readDeadlines(options: DeadlineOptions = {}): Deadlines {
  const read = (name: keyof Deadlines): number => milliseconds(name, options[name] ?? DEFAULTS[name])
  return {
    handshakeMs: read('handshakeMs'),
    firstByteMs: read('firstByteMs'),
    idleMs: read('idleMs'),
    writeMs: read('writeMs'),
    totalMs: read('totalMs'),
  }
}

/** RangeError that names the option unless the value is above 0; Infinity is. */
export function milliseconds(name: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value
  throw new RangeError(`${name} must be above 0, in milliseconds, got ${quoted(value)}`)
}
