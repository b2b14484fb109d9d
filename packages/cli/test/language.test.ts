import { expect, test } from 'vitest'
import { chooseLanguage } from '../src/language.ts'

test.each([
  [[], {}, 'en'],
  [[], { LANG: 'es_ES.UTF-8' }, 'es'],
  [[], { LANG: 'es' }, 'es'],
  [[], { LANG: 'est_EE.UTF-8' }, 'en'], // Estonian
  [[], { LANG: 'es_ES.UTF-8', LC_ALL: 'C' }, 'en'],
  [[], { LC_ALL: 'C', PLAINWIRE_LANG: 'es' }, 'es'],
  [['time', '--lang', 'es'], { LANG: 'en_GB.UTF-8' }, 'es'],
  [['time', '--lang=en'], { LANG: 'es_ES.UTF-8' }, 'en'],
  [['time', '--lang', 'fr'], { LANG: 'es_ES.UTF-8' }, 'es'],
  [['time', '--lang'], { LANG: 'es_ES.UTF-8' }, 'es'],
])('%j under %j is told in %s', (args, env, language) => {
  expect(chooseLanguage(args, env)).toBe(language)
})
