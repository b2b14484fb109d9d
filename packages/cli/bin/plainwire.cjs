#!/usr/bin/env node
'use strict'
// Where the command starts: as little as can be, since people wait for it.

const [word = '', ...others] = process.argv.slice(2)
if ((word === '--version' || word === '-V') && others.length === 0) {
  process.stdout.write(`${require('../package.json').version}\n`)
} else {
  require('./code-cache.cjs').run(require.resolve('../dist/main.cjs'), word)
}
