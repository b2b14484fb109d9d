import { defineCommand } from '../command.ts'
import { say } from '../language.ts'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

export const completion = defineCommand<object, [Shell]>({
  brief: { en: 'What makes a shell complete plainwire’s words', es: 'Lo que hace que un shell complete las palabras' },
  description: {
    en: 'Prints a script for the shell: commands, flags, their values, hosts and files, without starting plainwire at each key. bash: `source <(plainwire completion bash)` in ~/.bashrc; zsh: save it as _plainwire in a folder of $fpath; fish: save it as ~/.config/fish/completions/plainwire.fish; PowerShell: `plainwire completion powershell | Out-String | Invoke-Expression` in $PROFILE.',
    es: 'Escribe un guion para el shell: órdenes, opciones y sus valores, equipos y ficheros, sin arrancar plainwire a cada tecla. bash: `source <(plainwire completion bash)` en ~/.bashrc; zsh: se guarda como _plainwire en una carpeta de $fpath; fish: se guarda como ~/.config/fish/completions/plainwire.fish; PowerShell: `plainwire completion powershell | Out-String | Invoke-Expression` en $PROFILE.',
  },
  usage: { en: SHELLS.join('|'), es: SHELLS.join('|') },
  examples: ['plainwire completion bash', 'plainwire completion fish'],
  output: 'text',
  flags: {},
  operands: [
    {
      name: { en: 'SHELL', es: 'SHELL' },
      brief: { en: 'Whose script', es: 'Para qué shell' },
      completes: SHELLS,
      parse: (text) => {
        const shell = SHELLS.find((known) => known === text)
        if (shell !== undefined) return shell
        throw new TypeError(
          say({ en: `must be one of ${SHELLS.join(', ')}`, es: `debe ser uno de estos: ${SHELLS.join(', ')}` }),
        )
      },
    },
  ],
  timeout: '10s',
  load: async () => (await import('../run/completion.ts')).runCompletion,
})
