import type { Candidates, Completed, CompletedCommand } from './completion-scripts.ts'

export function bashScript({ commands, first }: Completed): string {
  const groups = first.filter(({ isGroup }) => isGroup)
  const seconds = (group: string): string =>
    commands.flatMap(({ path }) => (path.startsWith(`${group} `) ? [path.slice(group.length + 1)] : [])).join(' ')
  return `# bash completion of plainwire
_plainwire() {
  local cur prev words cword path i operands=0 skip=0 values
  COMPREPLY=()
  # A colon and an equals sign would part a word; plainwire has both within words.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n :=  cur prev words cword
  else
    words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=\${words[cword]}; prev=\${words[cword-1]}
  fi
  path=\${words[1]}; i=2
  if (( cword == 1 )); then
    COMPREPLY=($(compgen -W "${first.map(({ name }) => name).join(' ')} --help --version" -- "$cur"))
    return
  fi
  case $path in
${groups
  .map(
    ({ name }) => `    ${name})
      if (( cword == 2 )); then COMPREPLY=($(compgen -W "${seconds(name)}" -- "$cur")); return; fi
      path="$path \${words[2]}"; i=3 ;;`,
  )
  .join('\n')}
  esac
  local flags= with_value= flag_values= places=
  case $path in
${commands.map(bashCase).join('\n')}
    *) return ;;
  esac
  for (( ; i < cword; i++ )); do
    if (( skip )); then skip=0
    elif [[ \${words[i]} == -* ]]; then [[ " $with_value " == *" \${words[i]} "* ]] && skip=1
    else (( operands++ )); fi
  done
  if (( skip )); then
    values=$(_plainwire_value "$path" "$prev")
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur")); return
  else
    local -a all=($places)
    (( operands >= \${#all[@]} )) && operands=$(( \${#all[@]} - 1 ))
    (( operands >= 0 )) && values=\${all[operands]//,/ }
  fi
  case $values in
    @file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
    @host) COMPREPLY=($(compgen -A hostname -- "$cur")) ;;
    @nothing|'') ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$cur")) ;;
  esac
}
_plainwire_value() {
  case "$1 $2" in
${commands
  .flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) =>
      value === undefined || value === 'nothing'
        ? []
        : [`    ${names.map((name) => `'${path} ${name}'`).join('|')}) echo '${words(value, ' ')}' ;;`],
    ),
  )
  .join('\n')}
  esac
}
complete -F _plainwire plainwire
`
}

function bashCase({ path, flags, operands }: CompletedCommand): string {
  const names = flags.flatMap(({ names }) => names)
  const withValue = flags.flatMap(({ names, value }) => (value === undefined ? [] : names))
  return `    '${path}') flags='${names.join(' ')}'
      with_value='${withValue.join(' ')}'
      places='${operands.map((place) => words(place, ',')).join(' ')}' ;;`
}

function words(candidates: Candidates, separator: string): string {
  return typeof candidates === 'string' ? `@${candidates}` : candidates.join(separator)
}
