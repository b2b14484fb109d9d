const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

/** A line for each name: its median, and the median of its ratio to the base, round by round. */
export function show(title: string, costs: ReadonlyMap<string, readonly number[]>, base: string): void {
  console.log(`\n${title}; medians of ${[...costs.values()][0]?.length ?? 0} rounds`)
  const bases = costs.get(base) ?? []
  for (const [name, values] of costs) {
    const ratio = median(values.map((value, round) => value / (bases[round] ?? NaN)))
    console.log(`  ${name.padEnd(34)} ${median(values).toFixed(1).padStart(8)}   ${ratio.toFixed(2)}x`)
  }
}
