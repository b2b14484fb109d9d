// One table of exit codes. Where curl has a number for a fault, it is curl's, so that scripts and people can keep
// what they know.

export const ExitCode = {
  ok: 0,
  no: 1,
  usage: 2,
  lookup: 6,
  connect: 7,
  protocol: 8,
  truncated: 18,
  status: 22,
  write: 23,
  read: 26,
  timeOut: 28,
  tls: 35,
  redirects: 47,
  emptyReply: 52,
  receive: 56,
  certificate: 60,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The command's answer is no: a lesson that did not show what it says, a service without a name. */
export class NegativeAnswer extends Error {
  override readonly name = 'NegativeAnswer'
}

/** The server's status code is 400 or above, and --fail was given. */
export class StatusFault extends Error {
  override readonly name = 'StatusFault'
}

/** A file to write could not be written, or one to read could not be read. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
}

/** The bytes that were given are not of the protocol that they are said to be. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** The operands do not make sense together, or one is not of its form. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Why a command was told to end: Ctrl-C, SIGTERM, or a reader of its output that has enough, as in `| head -1`. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'EPIPE'

const INTERRUPTIONS: Readonly<Record<Interruption, ExitCode>> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  EPIPE: ExitCode.ok,
}

/** The reason of the signal that every command hands down. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: ExitCode

  constructor(by: Interruption) {
    super(by)
    this.exitCode = INTERRUPTIONS[by]
  }
}

/** The answer could not be written: a full disk, say. Like an Interrupted it ends the command. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable'
}

/** A program that we ran in our place ended with this status; it has said why itself. */
export class ProgramEnded extends Error {
  override readonly name = 'ProgramEnded'
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit status ${exitCode}`)
    this.exitCode = exitCode
  }
}
