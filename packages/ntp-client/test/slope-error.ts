// How well a frequency can be known from answers that may each be wrong.

/**
 * What the slope of a line through measurements is wrong by (standard error, 1e-6: 1 ppm) if each is wrong by as much as
 * it may be. A busy machine gives worse answers, and no clock makes better ones of them.
 */
export function slopeError(measured: readonly { readonly atMs: number; readonly maxErrorMs: number }[]): number {
  const weighted = measured.map(({ atMs, maxErrorMs }) => ({ atMs, weight: 1 / maxErrorMs ** 2 }))
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  const meanMs = weighted.reduce((sum, { weight, atMs }) => sum + weight * atMs, 0) / total
  return 1 / Math.sqrt(weighted.reduce((sum, { weight, atMs }) => sum + weight * (atMs - meanMs) ** 2, 0))
}
