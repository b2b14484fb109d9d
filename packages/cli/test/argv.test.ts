import { expect, test } from 'vitest'
import { partedFromCommand } from '../src/argv.ts'
import { commonFlags } from '../src/flags.ts'

test.each([
  ['--lang es host --interfaces', 'host --lang es --interfaces'],
  ['-q -t 2s port check a:1', 'port check -q -t 2s a:1'],
  ['--timeout=2s --json get :1', 'get --timeout=2s --json :1'],
  ['--lang es', ''],
  ['--lang=es --version', '--version'],
  ['--samples 3 time', '--samples 3 time'],
  ['time --lang es', 'time --lang es'],
  ['help get', 'get --help'],
  ['get -4 a', 'get --ipv4 a'],
  ['get -XPOST -dhola a', 'get -X POST -d hola a'],
  ['get -X=POST -iv a', 'get -X=POST -iv a'],
  ['get -X -dx a', 'get -X -dx a'],
  ['get --data -dx a', 'get --data -dx a'],
  ['time -n1 a', 'time -n 1 a'],
  ['port check -t2s :1', 'port check -t 2s :1'],
  ['nosuch -n1', 'nosuch -n1'],
  ['service -- -n1', 'service -- -n1'],
])('%s is read as %s', async (typed, words) => {
  expect(await partedFromCommand(typed.split(' '))).toEqual({ words: words.split(' ').filter(Boolean), command: [] })
})

test('each flag that all commands have may come first', async () => {
  for (const [name, { kind }] of Object.entries(commonFlags('either', undefined).flags)) {
    const flag = kind === 'boolean' ? [`--${name}`] : [`--${name}`, 'value']
    expect((await partedFromCommand([...flag, 'host'])).words).toEqual(['host', ...flag])
  }
})

test('what follows -- belongs to the other command', async () => {
  const { words, command } = await partedFromCommand(['-q', 'port', 'wait', ':1', '--', 'get', '-4', '--json'])
  expect({ words, command }).toEqual({ words: ['port', 'wait', '-q', ':1'], command: ['get', '-4', '--json'] })
})
