#!/usr/bin/env node
'use strict'
// Where the command starts: as little as can be, since people wait for it. V8's code for the bundle is kept between two
// runs, where this Node can (from 22.1), in the system's folder for temporary files; NODE_DISABLE_COMPILE_CACHE=1 forbids it.

const [word, ...others] = process.argv.slice(2)
if ((word === '--version' || word === '-V') && others.length === 0) {
  process.stdout.write(`${require('../package.json').version}\n`)
} else {
  require('node:module').enableCompileCache?.()
  require('../dist/main.cjs')
}
