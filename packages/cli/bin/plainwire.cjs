#!/usr/bin/env node
'use strict'
// Where the command starts: as little as can be, in one file, since people wait for it.
//
// What was built is run from V8's code for it, which is kept from one run to the next. Node has a cache of its own, but
// that holds what a file's compilation gave before anything ran: each function that a command then calls is compiled anew
// every time; and to turn it on costs 2 ms. Here the code is kept after a command has run, for each command with its flags by
// itself, since they decide what is called.
//
// It lies where Node keeps such things: NODE_COMPILE_CACHE says where, NODE_DISABLE_COMPILE_CACHE=1 forbids it.

const fs = require('node:fs')

/** Commands whose first operand is a word of their own. */
const OF_TWO_WORDS = ['port', 'serve', 'bench', 'dissect', 'lesson', 'completion']

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Of a command that did what it was there for; the code for one that failed would lack the rest. */
const COMPLETE = [0, 1, 130, 143]

const [major, minor] = process.versions.node.split('.').map(Number)
const [word = '', ...others] = process.argv.slice(2)
if (major < 22 || (major === 22 && minor < 12)) {
  // An older one would break off somewhere in the middle.
  process.stderr.write(
    `plainwire needs Node 22.12 or newer, necesita Node 22.12 o más nuevo: ${process.versions.node}\n`,
  )
  process.exitCode = 2
} else if ((word === '--version' || word === '-V') && others.length === 0) {
  process.stdout.write(`${require('../package.json').version}\n`)
} else {
  run(`${__dirname}/../dist`, kindOf(word, others))
}

/** What is called with the same flags calls the same functions: `get`, `get--trace`, `lesson-socket-01`. Undefined for oddities. */
function kindOf(command, others) {
  const end = others.indexOf('--')
  const words = end === -1 ? others : others.slice(0, end)
  const named = OF_TWO_WORDS.includes(command) ? `${command}-${words[0]}` : command.startsWith('-') ? 'help' : command
  const flags = new Set()
  for (const word of words) {
    if (!word.startsWith('-')) continue
    const valueAt = word.indexOf('=')
    const flag = valueAt === -1 ? word : word.slice(0, valueAt)
    if (flag.length === 2 ? isOf(LETTERS + '46', flag[1]) : isOf(LETTERS + '-', flag)) flags.add(flag)
  }
  const kind = [named || 'help', ...flags].join('')
  return kind.length <= 80 && isOf(`${LETTERS}0123456789-`, kind) ? kind : undefined
}

/** No regular expression: to make one costs more than to look. */
function isOf(characters, text) {
  for (const character of text) if (!characters.includes(character)) return false
  return true
}

/** `kind` names the functions that will be needed. */
function run(folder, kind) {
  const filename = `${folder}/program.js`
  const source = fs.readFileSync(filename, 'latin1') // faster; it is ASCII
  const kept = keptAs(source, kind)
  const cachedData = kept && ownFile(kept)
  const { Script } = require('node:vm')
  const script = new Script(source, { filename, cachedData })
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
    process.once('exit', (code) => {
      if (COMPLETE.includes(code)) keep(kept, script.createCachedData())
    })
  }
  script.runInThisContext()(require, folder)
}

/** Named after what it is the code of: the build puts a hash of 16 digits first, in a comment. */
function keptAs(source, kind) {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, TMPDIR, TMP, TEMP } = process.env
  if (NODE_DISABLE_COMPILE_CACHE || kind === undefined) return undefined
  const hash = source.slice(2, 18)
  // As os.tmpdir() has it, without loading node:os.
  const folder = NODE_COMPILE_CACHE || `${TMPDIR || TMP || TEMP || '/tmp'}/node-compile-cache`
  return `${folder}/plainwire-${hash}-${process.version}-${process.arch}-${kind}`
}

/** The file's content, unless somebody else could have put it there: it is code. */
function ownFile(path) {
  let descriptor
  try {
    descriptor = fs.openSync(path)
    const { uid, mode } = fs.fstatSync(descriptor)
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOurs ? fs.readFileSync(descriptor) : undefined
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/**
 * Whole or not at all: a reader may come at any time. A new file (`wx`), not what somebody has laid there for us to write
 * through. Where nothing can be written, the next run takes its time again.
 */
function keep(path, data) {
  const unfinished = `${path}.${process.pid}`
  try {
    fs.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    fs.writeFileSync(unfinished, data, { mode: 0o600, flag: 'wx' })
    fs.renameSync(unfinished, path)
  } catch {
    fs.rmSync(unfinished, { force: true })
  }
}
