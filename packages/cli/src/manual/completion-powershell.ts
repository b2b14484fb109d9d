import type { Candidates, Completed, CompletedCommand } from './completion-scripts.ts'

export function powershellScript({ commands, first }: Completed): string {
  const groups = first.filter(({ isGroup }) => isGroup).map(({ name }) => name)
  const seconds = (group: string): string[] =>
    commands.flatMap(({ path }) => (path.startsWith(`${group} `) ? [path.slice(group.length + 1)] : []))
  return `# PowerShell completion of plainwire
Register-ArgumentCompleter -Native -CommandName plainwire -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $first = @(${list(first.map(({ name }) => name))})
  $groups = @{
${groups.map((group) => `    ${quoted(group)} = @(${list(seconds(group))})`).join('\n')}
  }
  $table = @{
${commands.map(ofCommand).join('\n')}
  }
  $words = @($commandAst.CommandElements | ForEach-Object { "$_" })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $path = ''
  $offered = if ($words.Count -le 1) { $first }
  elseif ($groups.ContainsKey($words[1]) -and $words.Count -eq 2) { $groups[$words[1]] }
  else {
    $path = if ($groups.ContainsKey($words[1])) { "$($words[1]) $($words[2])" } else { $words[1] }
    $entry = $table[$path]
    if ($null -eq $entry) { @() }
    elseif ($entry.values.ContainsKey($words[-1])) { $entry.values[$words[-1]] }
    elseif ($wordToComplete -like '-*') { $entry.flags }
    else { $entry.operands }
  }
  $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}

function ofCommand({ path, flags, operands }: CompletedCommand): string {
  const values = flags.flatMap(({ names, value }) =>
    Array.isArray(value) ? names.map((name) => `${quoted(name)} = @(${list(value as string[])})`) : [],
  )
  const offered = operands.flatMap((place: Candidates) => (typeof place === 'string' ? [] : place))
  return `    ${quoted(path)} = @{ flags = @(${list(flags.flatMap(({ names }) => names))}); values = @{ ${values.join('; ')} }; operands = @(${list(offered)}) }`
}

const list = (words: readonly string[]): string => words.map(quoted).join(', ')

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
