// Written from RFC 9112, 9110 and 1945; the refusals cover the odd and bad responses that other clients accept.

import { bodies } from './response-bodies.ts'
import { chunks } from './response-chunks.ts'
import { heads } from './response-heads.ts'
import { limits } from './response-limits.ts'
import type { Vector } from './vector.ts'

export const responses: readonly Vector[] = [...bodies, ...chunks, ...heads, ...limits]
