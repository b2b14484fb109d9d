// What the command table makes, in the programs that read it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithPeer, runProgram, temporaryDirectory } from '@plainwire/testing'
import { plainwire } from '../plainwire.ts'

const textOf = async (...args: string[]): Promise<string> => (await plainwire(args)).stdout

describeWithPeer('mandoc', 'the man page', (mandoc) => {
  test.each(['en', 'es'])('has nothing that mandoc -Tlint would mend, in %s', async (lang) => {
    expect(runProgram(mandoc, ['-Tlint', '-Wall'], await textOf('man', '--lang', lang))).toBe('')
  })

  test('fits a terminal', async () => {
    const shown = stripped(runProgram(mandoc, ['-Tascii', '-Owidth=80'], await textOf('man')))
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(shown).toMatch(/^ {5}28 +The time was up\.$/m)
  })
})

/** What is typed, and what must be offered. */
const TYPED: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['plainwire ser', ['serve', 'service']],
  ['plainwire port ', ['check', 'free', 'wait']],
  ['plainwire serve echo --strategy ', ['bind-only', 'concurrent', 'iterative', 'once', 'thread-per-client']],
  ['plainwire serve echo -l :0 -s thr', ['thread-per-client']],
  ['plainwire get --stop', ['--stop-after']],
  ['plainwire get --stop-after re', ['resolve']],
  ['plainwire bench ', ['echo', 'http']],
  ['plainwire dissect nt', ['ntp']],
  ['plainwire dissect ntp pack', ['packet.bin']],
  ['plainwire get -o pack', ['packet.bin']],
  ['plainwire lesson server-0', ['server-01', 'server-02', 'server-03', 'server-04', 'server-05']],
  ['plainwire completion po', ['powershell']],
]

describeWithPeer('bash', 'completion in bash', (bash) => {
  test.each(TYPED)('%s', async (line, offered) => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'packet.bin'), '')
    const words = line.split(' ')
    const script = `cd '${directory.path}'; ${await textOf('completion', 'bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
COMP_LINE='${line}'; COMP_POINT=${line.length}
_plainwire; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(sorted(runProgram(bash, ['--norc'], script))).toEqual(offered)
  })
})

describeWithPeer('fish', 'completion in fish', (fish) => {
  test.each(TYPED.filter(([line]) => !line.includes('-l :0')))('%s', async (line, offered) => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'packet.bin'), '')
    const script = `cd '${directory.path}'\n${await textOf('completion', 'fish')}\ncomplete -C '${line}'`
    const file = join(directory.path, '.complete.fish')
    writeFileSync(file, script)
    const found = sorted(runProgram(fish, ['--no-config', file])).map((offer) => offer.split('\t')[0])
    expect(found).toEqual(offered)
  })
})

describeWithPeer('zsh', 'completion in zsh', (zsh) => {
  test.each([
    ['plainwire serve ech', 'serve echo '],
    ['plainwire serve echo --strategy thr', 'thread-per-client'],
    ['plainwire get --stop-after re', 'resolve'],
    ['plainwire dissect nt', 'dissect ntp'],
  ])('%s', async (line, completed) => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, '_plainwire'), await textOf('completion', 'zsh'))
    // A shell of its own at a pseudo-terminal: what is on its line after a Tab is printed by its next command.
    const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=('${directory.path}' \\$fpath); autoload -U compinit; compinit -u -D; show() { print -r -- ''; print -r -- \\"<\\$BUFFER>\\" }; zle -N show; bindkey '^X' show; print re''ady"
zpty -r shell out '*ready*'
zpty -w -n shell $'${line}\\t\\x18'
zpty -r shell out '*<*>*'
print -r -- $out
zpty -d shell`
    expect(runProgram(zsh, ['-f'], script)).toContain(completed)
  })
})

/** Bold and underlined letters are typed over. */
const stripped = (text: string): string => text.split('\b').reduce((kept, next) => kept.slice(0, -1) + next)

const sorted = (text: string): string[] => text.trim().split('\n').sort()
