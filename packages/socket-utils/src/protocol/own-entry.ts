/**
 * What a table says of a key that came from outside, which may be called `constructor`. The tables are object literals, not
 * Maps: they stand ready, where a Map is filled each time a program starts, for failures that seldom come.
 */
export function ownEntry<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
