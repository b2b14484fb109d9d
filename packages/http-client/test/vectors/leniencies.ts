// What each leniency repairs, and what it leaves refused. Offsets and clauses of the warnings are part of what is expected.

import { lenientFraming } from './lenient-framing.ts'
import { lenientHeads } from './lenient-heads.ts'
import type { Leniency } from '../../src/protocol/leniency.ts'
import type { Vector } from './vector.ts'

const only = (...leniency: Leniency[]) => ({ leniency })

export const lenientResponses: readonly Vector[] = [...lenientHeads, ...lenientFraming]

export const lenientRequests: readonly Vector[] = [
  {
    name: 'missing-host: where the head has ended',
    options: only('missing-host'),
    wire: 'GET / HTTP/1.1\r\nA: b\r\n\r\n',
    expect: ['head GET / HTTP/1.1 | A: b ! missing-host at 24, line 3, RFC 9112 §3.2', 'end'],
  },
  {
    name: 'missing-host: two Hosts stay refused',
    options: { leniency: 'lenient' },
    wire: 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n',
    expect: ['http/bad-host at 25, line 3, RFC 9112 §3.2'],
  },
  {
    name: 'bare-lf: a request',
    options: only('bare-lf'),
    wire: '\nGET / HTTP/1.1\nHost: a\n\n',
    expect: [
      'head GET / HTTP/1.1 | Host: a ! bare-lf at 0, line 1, RFC 9112 §2.2 ! bare-lf at 15, line 2, RFC 9112 §2.2 ! bare-lf at 23, line 3, RFC 9112 §2.2 ! bare-lf at 24, line 4, RFC 9112 §2.2',
      'end',
    ],
  },
  {
    name: 'higher-minor-version: a request',
    options: only('higher-minor-version'),
    wire: 'GET / HTTP/1.4\r\nHost: a\r\n\r\n',
    expect: ['head GET / HTTP/1.1 | Host: a ! higher-minor-version at 13, line 1, RFC 9110 §2.5', 'end'],
  },
  {
    name: 'length-beside-coding: a smuggled request stays surplus',
    options: only('length-beside-coding'),
    wire: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n',
    expect: [
      'head POST / HTTP/1.1 | Host: a | Content-Length: 3 | Transfer-Encoding: chunked ! length-beside-coding at 26, line 3, RFC 9112 §6.3',
      'end',
    ],
    surplus: 'GET /admin HTTP/1.1\r\n\r\n',
  },
  {
    name: 'a request whose last coding is not chunked stays refused under any leniency',
    options: { leniency: 'lenient' },
    wire: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n',
    expect: ['http/bad-transfer-encoding at 45, line 3, RFC 9112 §6.3'],
  },
  {
    name: 'tabs in a request line stay refused under any leniency',
    options: { leniency: 'lenient' },
    wire: 'GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: ['http/bad-request-line at 3, line 1, RFC 9112 §3'],
  },
]
