import type { Candidates, Completed, CompletedCommand, CompletedFlag } from './completion-scripts.ts'

export function zshScript({ commands, first }: Completed): string {
  const groups = first.filter(({ isGroup }) => isGroup)
  return `#compdef plainwire
# zsh completion of plainwire
_plainwire() {
  local -a commands
  if (( CURRENT == 2 )); then
    commands=(
${first.map(({ name, brief }) => `      ${quoted(`${name}:${brief}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local called=$words[2]
  case $called in
${groups
  .map(
    ({ name }) => `    ${name})
      if (( CURRENT == 3 )); then
        commands=(
${commands
  .filter(({ path }) => path.startsWith(`${name} `))
  .map(({ path, brief }) => `          ${quoted(`${path.slice(name.length + 1)}:${brief}`)}`)
  .join('\n')}
        )
        _describe command commands
        return
      fi
      called="$called $words[3]"
      shift words; (( CURRENT-- )) ;;`,
  )
  .join('\n')}
  esac
  shift words; (( CURRENT-- ))
  case $called in
${commands.map(zshCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _plainwire ]]; then _plainwire "$@"; else compdef _plainwire plainwire; fi
`
}

function zshCase({ path, flags, operands }: CompletedCommand): string {
  const places = operands.map((place, index) => {
    const last = index === operands.length - 1
    return quoted(`${last ? '*' : index + 1}:operand:${action(place)}`)
  })
  const specs = [...flags.flatMap(zshFlag), ...places]
  return `    ${quoted(path)}) _arguments -s ${specs.map((spec) => `\\\n      ${spec}`).join(' ')} ;;`
}

function zshFlag({ names, brief, value }: CompletedFlag): string[] {
  const text = brief.replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:')
  const end = value === undefined ? '' : `:value:${action(value)}`
  return names.map((name) => quoted(`*${name}[${text}]${end}`))
}

function action(candidates: Candidates): string {
  if (candidates === 'host') return '_hosts'
  if (candidates === 'file') return '_files'
  return candidates === 'nothing' ? ' ' : `(${candidates.join(' ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
