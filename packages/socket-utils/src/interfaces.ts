// The network interfaces of this host, by name and index.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

/** A network interface as the system numbers and names it, those that are down included. */
export interface NetworkInterface {
  readonly name: string
  /** The system's number for it, 1 or more. Undefined on systems other than Linux, unless one of its addresses has a zone. */
  readonly index: number | undefined
  /** Empty while it is down. */
  readonly addresses: readonly InterfaceAddress[]
}

/** One of an interface's addresses, in the system's order. */
export interface InterfaceAddress {
  readonly address: string
  readonly family: 4 | 6
  /** Bits that all addresses of the network share; undefined for a mask with gaps. */
  readonly prefixLength: number | undefined
  /** What must stand after `%` for others to use a link-local IPv6 address (RFC 4007 §11): `fe80::1%eth0`. */
  readonly zone?: string
  /** On loopback: nobody outside this host can use it. */
  readonly internal: boolean
}

/** By index, as if_nameindex: on Linux all of them, elsewhere those that are up and have an address. */
export function interfaces(): NetworkInterface[] {
  return interfacesOf(networkInterfaces(), process.platform === 'linux' ? indexesIn('/sys/class/net') : new Map())
}

export function interfacesOf(
  addresses: NodeJS.Dict<NetworkInterfaceInfo[]>,
  indexes: ReadonlyMap<string, number>,
): NetworkInterface[] {
  const names = new Set([...indexes.keys(), ...Object.keys(addresses)])
  return [...names]
    .map((name) => {
      const own = addresses[name] ?? []
      const index = indexes.get(name) ?? own.map((info) => zoneIndex(info)).find((zone) => zone > 0)
      return { name, index, addresses: own.map((info) => addressOf(name, info)) }
    })
    .sort((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity) || a.name.localeCompare(b.name, 'en'))
}

function addressOf(name: string, info: NetworkInterfaceInfo): InterfaceAddress {
  const { address, family, cidr, internal } = info
  const index = zoneIndex(info)
  // Windows names a zone by its number.
  const zone = index > 0 && { zone: process.platform === 'win32' ? String(index) : name }
  const prefixLength = cidr === null ? undefined : Number(cidr.slice(cidr.indexOf('/') + 1))
  return { address, family: family === 'IPv6' ? 6 : 4, prefixLength, ...zone, internal }
}

const zoneIndex = (info: NetworkInterfaceInfo): number => (info.family === 'IPv6' ? info.scopeid : 0)

/** A container may have no /sys, and `bonding_masters` lies among the interfaces: who has no index is left out. */
export function indexesIn(directory: string): Map<string, number> {
  const names = existsSync(directory) ? readdirSync(directory) : []
  return new Map(
    names
      .map((name) => [name, `${directory}/${name}/ifindex`] as const)
      .filter(([, path]) => existsSync(path))
      .map(([name, path]) => [name, Number(readFileSync(path, 'utf8'))]),
  )
}
