// The order in which the addresses of a host are tried.

/**
 * Families by turns, beginning with the family of the first address, the order within each kept: RFC 8305 §4 with a
 * First Address Family Count of 1. So one broken family costs one attempt's delay, not one for each of its addresses.
 */
export function interleaveFamilies<A extends { readonly family: 4 | 6 }>(addresses: readonly A[]): readonly A[] {
  if (addresses.length < 3) return addresses // nothing to move
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family)
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family)
  const rounds = Math.max(preferred.length, others.length)
  return Array.from({ length: rounds }, (_, round) => [preferred[round], others[round]])
    .flat()
    .filter((address) => address !== undefined)
}
