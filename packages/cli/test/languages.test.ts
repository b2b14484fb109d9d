// Everything that is said is said in both languages: in the source as a pair, at run time by the fault's code.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dissectResponses } from '@plainwire/http-client/dissect'
import { dissectPacket } from '@plainwire/ntp-client/packet'
import { describe, expect, test } from 'vitest'
import { inSpanish } from '../src/causes-in-spanish.ts'
import { ERROR_MEANINGS } from '../src/manual/error-meanings.ts'
import { faults } from '../src/failure.ts'
import { labelInSpanish } from '../src/output/labels.ts'

const SRC = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

/** `en: '…', es: '…'`, in either order of lines, with what is put into each. */
const PAIR = /\ben:\s*(`[^`]*`|'(?:[^'\\]|\\.)*'|"[^"]*"),?\s*es:\s*(`[^`]*`|'(?:[^'\\]|\\.)*'|"[^"]*")/g

describe('each text in the source', () => {
  test.each(files)('%s', (file) => {
    const source = readFileSync(`${SRC}/${file}`, 'utf8')
    const pairs = [...source.matchAll(PAIR)]
    expect(pairs).toHaveLength(source.match(/\ben:\s*[`'"]/g)?.length ?? 0)
    expect(source.match(/\bes:\s*[`'"]/g)?.length ?? 0).toBe(pairs.length)
    for (const [, english = '', spanish = ''] of pairs) {
      // Both tell of the same things.
      const filled = (text: string): string[] =>
        (text.match(/\$\{[^}]*\}/g) ?? []).map((part) => part.replace(/\.(?:en|es)\}$/, '}'))
      expect(new Set(filled(spanish)), english).toEqual(new Set(filled(english)))
      expect(spanish.length).toBeGreaterThan(1)
    }
  })
})

test('each code has a meaning in both languages, which differ', () => {
  for (const { en, es } of [
    ...Object.values(ERROR_MEANINGS),
    ...Object.values(faults()).map((fault) => fault?.advice ?? { en: '', es: ' ' }),
  ]) {
    expect(es).not.toBe(en)
  }
})

describe('the causes of faults in Spanish', () => {
  test.each([
    ['look up "x": name not found (ENOTFOUND)', 'lookup-failed', 'buscar "x": no existe ese nombre (ENOTFOUND)'],
    [
      'connect to 127.0.0.1:1: connection refused (ECONNREFUSED)',
      'connect-refused',
      'conectar con 127.0.0.1:1: conexión rechazada (ECONNREFUSED)',
    ],
    [
      'query 1.2.3.4:1: x; query 1.2.3.4:2: connection refused',
      'connect-refused',
      'preguntar a 1.2.3.4:1: x; preguntar a 1.2.3.4:2: conexión rechazada',
    ],
    [
      'GET http://a/: timed out after 300 ms while waiting for the first byte',
      'timed-out',
      'GET http://a/: se acabó el tiempo tras 300 ms mientras se esperaba el primer byte',
    ],
    [
      'GET http://a/: empty reply, the server closed the connection without an answer',
      'connection-closed',
      'GET http://a/: respuesta vacía: el servidor cerró la conexión sin responder',
    ],
    [
      "query 1.2.3.4:123: the server refuses: kiss-o'-death DENY",
      'ntp/kiss-of-death',
      'preguntar a 1.2.3.4:123: el servidor rehúsa: kiss-o’-death DENY',
    ],
    [
      'synchronize: 2 of 3 servers must agree: a:1 says -0.500 ± 1.000 ms; query b:1: timed out after 9 ms; ignored 3 datagrams (1 too short, 2 wrong origin)',
      'ntp/no-majority',
      'sincronizar: deben coincidir 2 de 3 servidores: a:1 dice -0.500 ± 1.000 ms; preguntar a b:1: se acabó el tiempo tras 9 ms; se descartaron 3 datagramas (1 longitud insuficiente, 2 origen equivocado)',
    ],
    [
      'GET http://a/: bad chunk size "Z", at byte 57',
      'http/bad-chunk',
      'GET http://a/: tamaño de trozo incorrecto "Z", en el byte 57',
    ],
    ['LF without a CR before it, at byte 14', 'http/bad-line-ending', 'LF sin CR delante, en el byte 14'],
    [
      'a request cannot begin with "(", at byte 0',
      'http/bad-request-line',
      'una petición no puede empezar por "(", en el byte 0',
    ],
    ['an NTP header has 48 bytes, got 4', 'ntp/short-packet', 'una cabecera NTP tiene 48 bytes; llegaron 4'],
    [
      'TLS handshake with a:443: the certificate cannot be accepted: its chain is too long (CERT_CHAIN_TOO_LONG)',
      'certificate-invalid',
      'negociar TLS con a:443: no se puede aceptar el certificado: su cadena es demasiado larga (CERT_CHAIN_TOO_LONG)',
    ],
    ["EISDIR: illegal operation on a directory, open '/x'", undefined, 'es un directorio'],
    ['line 3 of the key file: no key id', undefined, 'línea 3 del fichero de claves: falta el número de clave'],
    ['"foo" is no URL: write http://host/path', undefined, '"foo" no es una URL: escribe http://equipo/ruta'],
    [
      '"a:b:c" is no endpoint: write host:port or [v6]:port',
      undefined,
      '"a:b:c" no es una dirección: escribe equipo:puerto o [v6]:puerto',
    ],
    ['HTTP/0.9 has no method but GET, got "POST"', undefined, 'HTTP/0.9 no tiene más método que GET; llegó "POST"'],
    ['port must be 0 to 65535, got "70000"', undefined, 'el puerto debe estar entre 0 y 65535; llegó "70000"'],
    [
      'words that nobody translated',
      'http/bad-chunk',
      'lo que llegó no es HTTP correcto (words that nobody translated)',
    ],
    [
      'words that nobody translated',
      'ntp/no-majority',
      'los servidores no se ponen de acuerdo (words that nobody translated)',
    ],
    ['words without a code', undefined, 'words without a code'],
  ])('%s', (english, code, spanish) => {
    expect(inSpanish(english, code)).toBe(spanish)
  })

  test('what is in Spanish already stays', () => {
    for (const text of ['no es HTTP: empieza por "2", en el byte 0', 'una cabecera NTP tiene 48 bytes; llegaron 4']) {
      expect(inSpanish(text)).toBe(text)
    }
  })

  test('no code is without words', () => {
    for (const code of Object.keys(ERROR_MEANINGS)) {
      if (code === 'failed') continue
      expect(inSpanish('unknown words', code)).not.toMatch(/^algo falló/)
    }
  })
})

describe('the labels of bytes in Spanish', () => {
  test.each([
    ['leap 0, version 4, mode 4 (server)', 'intercalar 0, versión 4, modo 4 (servidor)'],
    ['root delay 10.025 ms', 'retardo a la raíz 10.025 ms'],
    ['reference unknown', 'referencia desconocida'],
    ['origin repeats the request', 'origen: repite la petición'],
    ['transmit random bits', 'envío: bits al azar'],
    ['request line "GET /"', 'línea de petición "GET /"'],
    ['header Host', 'cabecera Host'],
    ['empty line: the head ends', 'línea vacía: acaba la cabecera'],
    ['chunk of 5 bytes, extended by "a=b"', 'trozo de 5 bytes, con extensión "a=b"'],
    ['last chunk', 'último trozo'],
    ['refused: LF without a CR before it, at byte 14', 'rechazado: LF sin CR delante, en el byte 14'],
    ['words that nobody translated', 'words that nobody translated'],
  ])('%s', (english, spanish) => {
    expect(labelInSpanish(english)).toBe(spanish)
  })

  test('are known for every byte of the packages', () => {
    const packet = new Uint8Array(52)
    const now = 1_795_352_240_000_000_000n
    const answer = dissectPacket(packet.fill(0x24, 0, 1).fill(1, 16), now)
    const wire = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0\r\nA: b\r\n\r\n'
    const response = dissectResponses(new TextEncoder().encode(wire))
    for (const { label } of [...dissectPacket(new Uint8Array(48).fill(0x23, 0, 1), now), ...answer, ...response]) {
      expect(labelInSpanish(label)).not.toBe(label)
    }
  })
})
