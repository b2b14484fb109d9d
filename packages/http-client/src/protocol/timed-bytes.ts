export interface TimedBytes {
  readonly bytes: Uint8Array
  /** Microseconds since the exchange began, by a clock that never goes back. */
  readonly atUs: number
}
