import { describe, expect, test } from 'vitest'
import { aesCmac } from './aes-cmac.ts'

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const MESSAGE = hex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
)

describe('AES-CMAC', () => {
  test.each([
    ['RFC 4493, no bytes', '2b7e151628aed2a6abf7158809cf4f3c', 0, 'bb1d6929e95937287fa37d129b756746'],
    ['RFC 4493, 16 bytes', '2b7e151628aed2a6abf7158809cf4f3c', 16, '070a16b46b4d4144f79bdd9dd04a287c'],
    ['RFC 4493, 40 bytes', '2b7e151628aed2a6abf7158809cf4f3c', 40, 'dfa66747de9ae63030ca32611497c827'],
    ['RFC 4493, 64 bytes', '2b7e151628aed2a6abf7158809cf4f3c', 64, '51f0bebf7e3b9d92fc49741779363cfe'],
    [
      'NIST SP 800-38B, 192 bits',
      '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
      40,
      '8a1de5be2eb31aad089a82e6ee908b0e',
    ],
    [
      'NIST SP 800-38B, 256 bits, no bytes',
      '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      0,
      '028962f61b7bf89efc6b551f4667d983',
    ],
    [
      'NIST SP 800-38B, 256 bits, 40 bytes',
      '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      40,
      'aaf3d8f1de5640c232f5b169b9c911e6',
    ],
    [
      'NIST SP 800-38B, 256 bits, 64 bytes',
      '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      64,
      'e1992190549f6ed5696a2c056c315410',
    ],
  ])('%s', (_, key, length, mac) => {
    expect(Buffer.from(aesCmac(hex(key), MESSAGE.subarray(0, length))).toString('hex')).toBe(mac)
  })

  test('does not change the message', () => {
    const message = MESSAGE.slice(0, 32)
    aesCmac(hex('2b7e151628aed2a6abf7158809cf4f3c'), message)
    expect(message).toEqual(MESSAGE.subarray(0, 32))
  })
})
