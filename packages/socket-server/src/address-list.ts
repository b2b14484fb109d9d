import { BlockList, isIP } from 'node:net'
import { quoted } from '@plainwire/socket-utils/errors'

/** Addresses and networks, `192.0.2.7`, `10.0.0.0/8`, `fd00::/8`; `unix` for clients of a Unix socket. Or a BlockList. */
export type AddressList = readonly string[] | BlockList

/** What tells whether a host, as the kernel writes it, is in the list. TypeError for an entry that is no address. */
export function readAddressList(name: string, list: AddressList): (host: string | undefined) => boolean {
  const unix = !isBlockList(list) && list.includes('unix')
  const blocks = isBlockList(list) ? list : blockList(name, list)
  return (host) => {
    if (host === undefined) return unix
    const family = isIP(host)
    // Node finds an IPv4-mapped address among the IPv4 ones, too.
    return family !== 0 && blocks.check(host, family === 6 ? 'ipv6' : 'ipv4')
  }
}

function isBlockList(list: AddressList): list is BlockList {
  return BlockList.isBlockList(list)
}

function blockList(name: string, entries: readonly string[]): BlockList {
  const blocks = new BlockList()
  for (const entry of entries) {
    if (entry === 'unix') continue
    const [, address = '', prefix] = /^([^/]*)(?:\/(\d+))?$/.exec(entry) ?? []
    const family = isIP(address)
    const most = family === 6 ? 128 : 32
    if (family === 0 || Number(prefix ?? most) > most) {
      throw new TypeError(`${name} must hold addresses and networks, such as 10.0.0.0/8, got ${quoted(entry)}`)
    }
    blocks.addSubnet(address, Number(prefix ?? most), family === 6 ? 'ipv6' : 'ipv4')
  }
  return blocks
}
