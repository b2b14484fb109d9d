'use strict'
// V8's code for the bundle, kept from one run to the next. Node has a cache of its own, and it holds what a file's
// compilation gave before anything ran: each function that a command then calls is compiled anew every time. Here the
// code is kept after the command has run, for each command by itself: `get` starts in four fifths of the time.
//
// The files are in Node's folder for such things: NODE_COMPILE_CACHE says where, NODE_DISABLE_COMPILE_CACHE=1 forbids it.

const fs = require('node:fs')
const { createRequire, enableCompileCache, getCompileCacheDir, Module } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { version } = require('../package.json')

/** Of a command that did what it was there for; the code for one that failed would lack the rest. */
const COMPLETE = [0, 1, 130, 143]

/** Runs the CommonJS module `file`; `command` names the functions that it will need. */
exports.run = function run(file, command) {
  enableCompileCache?.()
  const folder = getCompileCacheDir?.()
  if (folder === undefined) return void require(file)

  const { size, mtimeMs } = fs.statSync(file)
  const name = /^[a-z]+$/.test(command) ? command : 'help'
  const kept = join(folder, `plainwire-${version}-${size}-${Math.floor(mtimeMs)}-${name}`)
  const cachedData = ownFile(kept)
  const source = fs.readFileSync(file, 'utf8')
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
  })
  if (cachedData === undefined || script.cachedDataRejected) {
    process.once('exit', (code) => {
      if (COMPLETE.includes(code)) keep(kept, script.createCachedData())
    })
  }
  const module = new Module(file)
  module.filename = file
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file))
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

/** Whole or not at all: a reader may come at any time. Where nothing can be written, the next run takes its time again. */
function keep(path, data) {
  const unfinished = `${path}.${process.pid}`
  try {
    fs.writeFileSync(unfinished, data, { mode: 0o600 })
    fs.renameSync(unfinished, path)
  } catch {
    fs.rmSync(unfinished, { force: true })
  }
}
