import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'

/**
 * A UDP socket of the address's family that takes addresses alone. Node would look up even those, a turn of the event
 * loop later; without that, bind, connect and send happen within the call, which is what the timestamps need.
 */
export function udpSocket(address: string): Socket {
  return createSocket({
    type: isIP(address) === 6 ? 'udp6' : 'udp4',
    lookup: (address, _options, callback) => callback(null, address, isIP(address)),
  })
}
