// Numeric addresses, text ↔ 4 or 16 bytes, with none of the shorthands that resolvers take: `127.1`, `0x7f.0.0.1` and
// `010.0.0.1` are names to one program and addresses to the next.

/** 32 bits or 128. */
export type IpFamily = 'ipv4' | 'ipv6'

/** 4 or 16 bytes; undefined for a text that is no address of this family. */
export function parseIp(text: string, family: IpFamily): Uint8Array<ArrayBuffer> | undefined {
  return family === 'ipv4' ? parseIpv4(text) : parseIpv6(text)
}

/** The one text for this address, so that equal addresses are equal strings; undefined where parseIp is. */
export function canonicalIp(text: string, family: IpFamily): string | undefined {
  // Of IPv4 there is but one text.
  if (family === 'ipv4') return IPV4.test(text) ? text : undefined
  const bytes = parseIpv6(text)
  return bytes && formatIpv6(bytes)
}

/** IPv6 as in RFC 5952. `bytes` must be as long as the family’s addresses are. */
export function formatIp(bytes: Uint8Array, family: IpFamily): string {
  return family === 'ipv4' ? formatIpv4(bytes) : formatIpv6(bytes)
}

/** Four decimal numbers of 0 to 255 without leading zeros. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/

function parseIpv4(text: string): Uint8Array<ArrayBuffer> | undefined {
  return IPV4.test(text) ? Uint8Array.from(text.split('.'), Number) : undefined
}

function formatIpv4(bytes: Uint8Array): string {
  return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
}

/** RFC 4291 §2.2, the last 32 bits in dotted decimal too; no zone. Undefined for any other text. */
function parseIpv6(text: string): Uint8Array<ArrayBuffer> | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [front, back] = halves.map((half, index) => parseGroups(half, index === halves.length - 1))
  if (front === undefined) return undefined
  const bytes = new Uint8Array(16)
  if (halves.length === 1) {
    if (front.length !== 16) return undefined
    bytes.set(front)
    return bytes
  }
  // What `::` stands for is one group at least (RFC 5952 §4.2.2 would have it written out, RFC 4291 allows it).
  if (back === undefined || front.length + back.length > 14) return undefined
  bytes.set(front)
  bytes.set(back, 16 - back.length)
  return bytes
}

/** Groups of hexadecimal digits between colons as bytes. None at all is an empty list. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  const bytes: number[] = []
  for (const [index, group] of groups.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
      continue
    }
    const ipv4 = last && index === groups.length - 1 ? parseIpv4(group) : undefined
    if (ipv4 === undefined) return undefined
    bytes.push(...ipv4)
  }
  return bytes
}

/** As RFC 5952 writes it: lower case, the longest run of zeros as `::`, an IPv4-mapped address in dotted decimal. */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(bytes.subarray(12, 16))}`
  }
  const { start, length } = longestZeros(groups)
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':')
  // A single zero is not shortened (§4.2.2).
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

/** The first of the longest runs (§4.2.3). */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 }
  let run = 0
  for (const [index, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0
    if (run > longest.length) longest = { start: index + 1 - run, length: run }
  }
  return longest
}
