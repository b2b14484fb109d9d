// The two platform classes that protocol/ may use. Its tsconfig knows neither Node nor the DOM, so that a
// socket, a timer or a Buffer there is an unknown name; text from bytes needs no world, and every runtime has these.
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
