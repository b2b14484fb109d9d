// A capture file that tshark reads: one packet a message, from one made-up host to another.

export interface Packet {
  readonly transport: 'udp' | 'tcp'
  readonly from: number
  readonly to: number
  readonly payload: Uint8Array
}

const LINKTYPE_RAW = 101
const PROTOCOLS = { tcp: 6, udp: 17 } as const

/** The classic format of libpcap: a header, and before each packet its time and length. */
export function captureOf(packets: readonly Packet[]): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262_144, 16)
  header.writeUInt32LE(LINKTYPE_RAW, 20)
  return Buffer.concat([
    header,
    ...packets.flatMap((packet, index) => {
      const bytes = ipv4(packet)
      const record = Buffer.alloc(16)
      record.writeUInt32LE(index, 0)
      record.writeUInt32LE(bytes.length, 8)
      record.writeUInt32LE(bytes.length, 12)
      return [record, bytes]
    }),
  ])
}

function ipv4({ transport, from, to, payload }: Packet): Buffer {
  const segment = transport === 'udp' ? Buffer.alloc(8) : Buffer.alloc(20)
  segment.writeUInt16BE(from, 0)
  segment.writeUInt16BE(to, 2)
  if (transport === 'udp') {
    segment.writeUInt16BE(8 + payload.length, 4)
  } else {
    segment.writeUInt32BE(1, 4)
    segment.writeUInt32BE(1, 8)
    segment.writeUInt16BE(0x5018, 12) // 20 bytes, PSH and ACK
    segment.writeUInt16BE(0xffff, 14)
  }
  const header = Buffer.from('45000000000000004000000000000000c0000201', 'hex')
  header.writeUInt16BE(20 + segment.length + payload.length, 2)
  header.writeUInt8(PROTOCOLS[transport], 9)
  header.set([192, 0, 2, 2], 12)
  return Buffer.concat([header, segment, payload])
}
