import { buildCommand } from '@stricli/core'
import { query } from '@plainwire/ntp-client'
import type { Context } from '../context.ts'
import { checkedEndpoint, json, lang, parseCount, timeout } from '../flags.ts'
import { say } from '../language.ts'
import { startTimeServer } from '../stage.ts'

interface Flags {
  readonly json: boolean
  readonly samples: number
  readonly trace: boolean
  readonly timeout: number
}
