// Everything that is said is said in both languages: in the source as a pair, at run time by the fault's code.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inSpanish } from '../src/causes-in-spanish.ts'
import { ERROR_MEANINGS } from '../src/manual/error-meanings.ts'
import { FAULTS } from '../src/failure.ts'

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
    ...Object.values(FAULTS).map((fault) => fault?.advice ?? { en: '', es: ' ' }),
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

  test('no code is without words', () => {
    for (const code of Object.keys(ERROR_MEANINGS)) {
      if (code === 'failed') continue
      expect(inSpanish('unknown words', code)).not.toMatch(/^algo falló/)
    }
  })
})
