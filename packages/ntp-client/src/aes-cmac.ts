// AES-CMAC, RFC 4493, which node:crypto lacks: CBC with a twist in the last block, so that a longer message cannot be
// made from a shorter one and its MAC.

import { createCipheriv } from 'node:crypto'

const BLOCK_BYTES = 16
const ZEROS = new Uint8Array(BLOCK_BYTES)

/** 16 bytes. `key` has 16, 24 or 32. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const subkey1 = doubled(lastBlockOfCbc(key, ZEROS))
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK_BYTES))
  const padded = new Uint8Array(blocks * BLOCK_BYTES)
  padded.set(message)
  let subkey = subkey1
  if (message.length < padded.length) {
    padded[message.length] = 0x80
    subkey = doubled(subkey1)
  }
  const last = padded.length - BLOCK_BYTES
  for (let at = 0; at < BLOCK_BYTES; at++) padded[last + at] = (padded[last + at] ?? 0) ^ (subkey[at] ?? 0)
  return lastBlockOfCbc(key, padded)
}

function lastBlockOfCbc(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, ZEROS).setAutoPadding(false)
  return new Uint8Array(cipher.update(blocks).subarray(-BLOCK_BYTES))
}

/** Shifted left by a bit; what falls out comes back as the polynomial's constant, 0x87. */
function doubled(block: Uint8Array): Uint8Array {
  const carry = (block[0] ?? 0) >> 7
  return block.map(
    (byte, at) => ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) ^ (at === BLOCK_BYTES - 1 ? carry * 0x87 : 0),
  )
}
