// The parts of HTTP messages: runs and words by the package's dissector, the fault by its parser.

import { dissectRequests, dissectResponses } from '@plainwire/http-client/dissect'
import { RequestParser, ResponseParser, type HttpProtocolError } from '@plainwire/http-client/parser'
import type { Dissection, Edit, Fault, Part } from './dissection.ts'
import type { Localized } from './language.ts'
import { formatBytes, parseBytes } from './message-text.ts'

export type HttpSide = 'request' | 'response'

interface Meaning {
  readonly label: RegExp
  readonly clause: string
  readonly about: Localized
}

/** By the words that the dissector labels a run with; the first that fits. */
const MEANINGS: readonly Meaning[] = [
  {
    label: /^request line/,
    clause: 'RFC 9112 §3',
    about: {
      en: 'Method, target and version with one space between them. Everything else about a request is in its fields.',
      es: 'Método, destino y versión, con un espacio entre ellos. Todo lo demás de una petición va en sus campos.',
    },
  },
  {
    label: /^status line/,
    clause: 'RFC 9112 §4',
    about: {
      en: 'Version, a code of three digits and a phrase that nobody may rely on. The space after the code has to be there.',
      es: 'Versión, un código de tres cifras y una frase de la que nadie debe fiarse. El espacio tras el código es obligatorio.',
    },
  },
  {
    label: /^header content-length/i,
    clause: 'RFC 9110 §8.6',
    about: {
      en: 'How many bytes of content follow the head. If two recipients read it differently, a second request can hide in the first.',
      es: 'Cuántos bytes de contenido siguen a la cabecera. Si dos receptores lo leen distinto, en la primera petición cabe escondida una segunda.',
    },
  },
  {
    label: /^header transfer-encoding/i,
    clause: 'RFC 9112 §6.1',
    about: {
      en: 'The content comes in chunks that say their own size. It must not stand beside Content-Length.',
      es: 'El contenido llega en trozos que dicen su propio tamaño. No debe ir junto a Content-Length.',
    },
  },
  {
    label: /^header host/i,
    clause: 'RFC 9112 §3.2',
    about: {
      en: 'Which of the sites at this address is meant. HTTP/1.1 wants exactly one.',
      es: 'A cuál de los sitios de esta dirección se llama. HTTP/1.1 exige exactamente uno.',
    },
  },
  {
    label: /^header connection/i,
    clause: 'RFC 9110 §7.6.1',
    about: {
      en: 'What holds for this connection alone: close, keep-alive, and names of fields that are not to be passed on.',
      es: 'Lo que vale solo para esta conexión: close, keep-alive y nombres de campos que no deben reenviarse.',
    },
  },
  {
    label: /^header/,
    clause: 'RFC 9112 §5',
    about: {
      en: 'A name, a colon without white space before it, and a value. Names are the same in any case.',
      es: 'Un nombre, dos puntos sin espacio delante y un valor. En los nombres no importan las mayúsculas.',
    },
  },
  {
    label: /^empty line before/,
    clause: 'RFC 9112 §2.2',
    about: {
      en: 'Left over by old clients after a body; a server skips it.',
      es: 'La dejan clientes viejos tras un cuerpo; el servidor la salta.',
    },
  },
  {
    label: /^empty line/,
    clause: 'RFC 9112 §2.1',
    about: {
      en: 'CRLF alone: nothing but this line tells where a head, or a trailer section, ends.',
      es: 'Solo CRLF: nada más que esta línea dice dónde acaba una cabecera o una sección de trailers.',
    },
  },
  {
    label: /^(?:last )?chunk|^end of the chunk/,
    clause: 'RFC 9112 §7.1',
    about: {
      en: 'A size in hexadecimal digits, CRLF, as many bytes, CRLF. A size of zero is the last.',
      es: 'Un tamaño en cifras hexadecimales, CRLF, esos bytes, CRLF. El tamaño cero es el último.',
    },
  },
  {
    label: /^trailer/,
    clause: 'RFC 9112 §7.1.2',
    about: {
      en: 'A field that was not known before the content was sent, a checksum say.',
      es: 'Un campo que no se conocía antes de enviar el contenido: una suma de comprobación, por ejemplo.',
    },
  },
  {
    label: /^content/,
    clause: 'RFC 9112 §6',
    about: {
      en: 'The message itself; HTTP does not look into it.',
      es: 'El mensaje en sí; HTTP no mira dentro.',
    },
  },
]

const BEHIND: Omit<Meaning, 'label'> = {
  clause: 'RFC 9112 §9.3',
  about: {
    en: 'The last message is over and the connection does not go on in HTTP: this is not looked at.',
    es: 'El último mensaje acabó y la conexión no sigue en HTTP: esto ya no se mira.',
  },
}

export function dissectHttp(bytes: Uint8Array, side: HttpSide): Dissection {
  const spans = side === 'request' ? dissectRequests(bytes) : dissectResponses(bytes)
  const parts = spans
    .filter(({ label }) => !label.startsWith('refused: '))
    .map((span): Part => {
      const { clause, about } = MEANINGS.find(({ label }) => label.test(span.label)) ?? BEHIND
      return { ...span, clause, about, edits: [wholeRun(bytes, span)] }
    })
  const fault = faultOf(bytes, side)
  return fault === undefined ? { parts } : { parts, fault }
}

function faultOf(bytes: Uint8Array, side: HttpSide): Fault | undefined {
  const parser = side === 'request' ? new RequestParser() : new ResponseParser()
  try {
    parser.push(bytes)
    while (parser.next() !== undefined);
    parser.end()
    while (parser.next() !== undefined);
    return undefined
  } catch (error) {
    const { code, message, offset, clause } = error as HttpProtocolError
    return { code, message, offset, clause }
  }
}

function wholeRun(bytes: Uint8Array, { offset, length }: Pick<Part, 'offset' | 'length'>): Edit {
  return {
    name: '',
    value: formatBytes(bytes.subarray(offset, offset + length), 'text').replaceAll('\n', ''),
    apply: (text) => {
      const run = parseBytes(text, 'text')
      const changed = new Uint8Array(bytes.length - length + run.length)
      changed.set(bytes.subarray(0, offset))
      changed.set(run, offset)
      changed.set(bytes.subarray(offset + length), offset + run.length)
      return changed
    },
  }
}
