// What zizmor would say of the workflows, as far as text shows it; actionlint reads them in the rehearsal. Each rule has an
// example that breaks it, since a rule that nothing can break guards nothing.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const workflows = globSync('.github/**/*.{yml,yaml}', { cwd: ROOT }).map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), 'utf8'),
}))

/** By zizmor's name for it: gives each line, or step, that is at fault. */
const RULES: Readonly<Record<string, (workflow: string) => readonly string[]>> = {
  'unpinned-uses': (workflow) =>
    linesOf(workflow, /\buses:/).filter((line) => !/uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
  artipacked: (workflow) =>
    stepsOf(workflow, 'actions/checkout').filter((step) => !/^\s+persist-credentials: false$/m.test(step)),
  'dangerous-triggers': (workflow) => linesOf(workflow, /\b(?:pull_request_target|workflow_run)\b/),
  'excessive-permissions': (workflow) =>
    /^permissions: (?:\{\}|\n {2}contents: read\n(?! ))/m.test(workflow.replace('permissions:\n', 'permissions: \n'))
      ? linesOf(workflow, /\b(?:write-all|read-all)\b/)
      : ['no permissions for the whole, or more than to read'],
  'template-injection': (workflow) =>
    [...workflow.matchAll(/^( *)(?:run:.*(?:\n\1 +.*)*|- run:.*(?:\n\1 {3,}.*)*)/gm)]
      .map(([step]) => step)
      .filter((step) => step.includes('${{')),
  // Where something leaves the workflow, nothing that another one may have put into a cache goes into it.
  'cache-poisoning': (workflow) =>
    /^ +(?:id-token|contents|pages|packages): write/m.test(workflow)
      ? [
          ...linesOf(workflow, /\buses: actions\/cache@/),
          ...stepsOf(workflow, 'actions/setup-node').filter((step) => !step.includes('package-manager-cache: false')),
        ]
      : [],
  'secrets-outside-env': (workflow) => linesOf(workflow, /\bsecrets[.[:]|toJSON\(secrets\)/),
  'self-hosted-runner': (workflow) => linesOf(workflow, /\bself-hosted\b/),
  'insecure-commands': (workflow) => linesOf(workflow, /ACTIONS_ALLOW_UNSECURE_COMMANDS|\bGITHUB_(?:ENV|PATH)\b/),
  'timeout-minutes': (workflow) =>
    workflow
      .split(/^ {2}(?=[\w-]+:$)/m)
      .filter((job) => /^ {4}runs-on:/m.test(job) && !/^ {4}timeout-minutes: \d+$/m.test(job)),
  'concurrency-limits': (workflow) =>
    /^concurrency:\n(?: {2}.*\n)* {2}cancel-in-progress:/m.test(workflow)
      ? []
      : ['no limit, or it says not whom it cancels'],
  'use-trusted-publishing': (workflow) => linesOf(workflow, /NPM_TOKEN|NODE_AUTH_TOKEN|_authToken/),
  'undocumented-permissions': (workflow) => linesOf(workflow, /: write$/),
}

function linesOf(workflow: string, matching: RegExp): string[] {
  return workflow
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#') && matching.test(line))
}

/** Each step that uses the action, with what it says below. */
function stepsOf(workflow: string, action: string): string[] {
  return workflow.split(/^ {6}- /m).filter((step) => step.includes(`uses: ${action}@`))
}

describe.each(workflows)('$path', ({ text }) => {
  test.each(Object.entries(RULES))('%s', (_, faultsOf) => {
    expect(faultsOf(text)).toEqual([])
  })
})

const SOUND = `on: push
permissions: {}
concurrency:
  group: one
  cancel-in-progress: true
jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    permissions:
      id-token: write # why
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-node@0123456789012345678901234567890123456789 # v7.0.0
        with:
          package-manager-cache: false
      - run: |
          echo
          echo
`

describe('the rules', () => {
  test.each(Object.entries(RULES))('%s lets a sound workflow pass', (_, faultsOf) => {
    expect(faultsOf(SOUND)).toEqual([])
  })

  test.each([
    ['unpinned-uses', '0123456789012345678901234567890123456789 # v7.0.0', 'v7'],
    ['unpinned-uses', ' # v7.0.0', ''],
    ['artipacked', 'persist-credentials: false', 'fetch-depth: 0'],
    ['dangerous-triggers', 'on: push', 'on: pull_request_target'],
    ['dangerous-triggers', 'on: push', 'on:\n  workflow_run:'],
    ['excessive-permissions', 'permissions: {}\n', ''],
    ['excessive-permissions', 'permissions: {}', 'permissions:\n  contents: write'],
    ['excessive-permissions', 'permissions: {}', 'permissions:\n  contents: read\n  id-token: write'],
    ['excessive-permissions', 'permissions:\n      id-token: write # why', 'permissions: write-all'],
    ['template-injection', '          echo\n          echo', '          echo\n          echo ${{ github.head_ref }}'],
    ['template-injection', 'run: |', 'run: echo ${{ inputs.x }}\n      - run: |'],
    ['cache-poisoning', 'package-manager-cache: false', 'node-version: 24'],
    ['cache-poisoning', '- run: |', '- uses: actions/cache@0123\n      - run: |'],
    ['secrets-outside-env', 'echo\n', 'echo\n        env: { A: "${{ secrets.A }}" }\n'],
    ['self-hosted-runner', 'ubuntu-latest', '[self-hosted]'],
    ['insecure-commands', 'echo\n', 'echo x >> "$GITHUB_ENV"\n'],
    ['timeout-minutes', '    timeout-minutes: 1\n', ''],
    ['concurrency-limits', '  cancel-in-progress: true\n', ''],
    ['use-trusted-publishing', 'echo\n', 'echo $NODE_AUTH_TOKEN\n'],
    ['undocumented-permissions', ' # why', ''],
  ])('%s finds %j where it became %j', (rule, sound, spoiled) => {
    const text = SOUND.replace(sound, () => spoiled)
    expect(text).not.toBe(SOUND)
    expect(RULES[rule]?.(text)).not.toEqual([])
  })
})
