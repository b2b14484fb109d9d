// Runs a bench in a network of its own, where NTP's port is free: ntpdig asks no other. Where this user may have none, the
// bench runs without ntpdig.
//
//   node bench/own-network.ts bench/accuracy.ts [its arguments]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { networkNamespace } from '@plainwire/testing/namespace'

const [script = '', ...args] = process.argv.slice(2)
const inNamespace = networkNamespace()
const isOwn = typeof inNamespace !== 'string'
if (!isOwn) console.log(`no network of its own: ${inNamespace}`)
const [program, ...rest] = isOwn ? inNamespace(process.execPath, script, ...args) : [process.execPath, script, ...args]
const env = { ...process.env, ...(isOwn && { PLAINWIRE_NTP_PORT: '123' }) }
const [code] = (await once(spawn(program, rest, { stdio: 'inherit', env }), 'exit')) as [number | null]
process.exitCode = code ?? 1
