import { describe, expect, test } from 'vitest'
import { copyOf } from './shared-read-buffer.ts'

describe('copies of what was read', () => {
  test('stay as they were, whatever is read and copied later', () => {
    const read = new Uint8Array(8192)
    const copies = Array.from({ length: 200 }, (_, count) => copyOf(read.fill(count).subarray(0, 1 + count * 37)))
    read.fill(255)
    for (const [count, copy] of copies.entries()) {
      expect(copy).toEqual(new Uint8Array(1 + count * 37).fill(count))
    }
  })

  test('are plain arrays, small or large', () => {
    for (const length of [0, 1, 4096, 4097]) {
      const copy = copyOf(Buffer.alloc(length, 'a'))
      expect([copy.constructor, copy.length]).toEqual([Uint8Array, length])
    }
  })
})
