/**
 * How many bytes, out of `length`, which is 8 or more, are the same from `at` and from `base` on, where text stands: all,
 * or a number of eights before the first that is not. Read as doubles they are half as many as read as integers. Doubles
 * that are equal have the same bits but for 0 and -0, and text is neither, since it has no NUL. Some with the same bits
 * are not equal (NaN, which ends in a byte above 0x7E): those are taken for others.
 */
export function sameLength(view: DataView, at: number, text: DataView, base: number, length: number): number {
  const last = length - 8
  let offset = 0
  for (; offset < last; offset += 8) {
    if (view.getFloat64(at + offset, true) !== text.getFloat64(base + offset, true)) return offset
  }
  // The last eight, some of them once more.
  return view.getFloat64(at + last, true) === text.getFloat64(base + last, true) ? length : offset
}
