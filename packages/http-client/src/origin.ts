// HTTP/1.0 and 1.1 as a server, on a connection that somebody else has accepted: socket-server's, a node socket's, a
// pair of pipes in a test.

import { EventReader } from './event-reader.ts'
import { MessageBody } from './message-body.ts'
import { decode } from './latin1-decoder.ts'
import {
  encodeAnswer,
  encodeContinue,
  encodeRefusal,
  type Answer,
  type OriginBytes,
  type OriginResponse,
} from './origin-answer.ts'
import type { ParserLimits } from './parser.ts'
import { persists } from './protocol/persistence.ts'
import { RequestParser, type RequestEvent, type RequestHead } from './protocol/request-parser.ts'
import type { HttpProtocolError } from './protocol/violation.ts'
import { RequestContent } from './request-content.ts'

export type { OriginBytes, OriginResponse } from './origin-answer.ts'

/** What is needed of a connection; the one of `@plainwire/socket-server` fits. */
export interface OriginConnection extends AsyncIterable<Uint8Array> {
  /** Resolves when the bytes are on their way, which is the back-pressure. */
  write(bytes: Uint8Array): Promise<void>
  /** Finishes the sending side. */
  end(): unknown
}

/** A request whose head has come; its body is read as the handler asks for it. */
export interface OriginRequest extends RequestHead {
  /** Read it or leave it: what is left is dropped before the next request. */
  readonly body: MessageBody
}

/** One answer for every request, or a function that makes each. */
export type OriginHandler = OriginAnswer | ((request: OriginRequest) => OriginAnswer | Promise<OriginAnswer>)

/** An answer in HTTP, or bytes that may be anything. */
export type OriginAnswer = OriginResponse | OriginBytes

/** How much is taken from a client, and what time it is. */
export interface OriginOptions {
  /** For the heads of requests. */
  readonly limits?: ParserLimits
  /** A longer request body is refused with 413. Default 1 MiB. */
  readonly maxBodyBytes?: number
  /** Answer a request in HTTP/0.9, which has no headers, with the content alone. Default false: a 400, as if it were cut off. */
  readonly http09?: boolean
  /** The time for a Date header, which is sent only with this. */
  readonly date?: () => Date
}

/**
 * Answers requests in order until the client finishes or the connection must close: HTTP/1.1 persists, HTTP/1.0 only with
 * keep-alive. A request that breaks HTTP gets a 400 (413, 431 or 505 where that says more), a CONNECT a 501, and is the
 * last one. Keeps no time: a deadline for slow clients belongs to the server that accepted the connection.
 *
 * Resolves when the sending side is finished. Rejects with what the connection throws; with what the handler throws,
 * after a 500; with what a streamed body throws, after a part of it: then the connection must be reset, since to HTTP/1.0
 * its end would be that of the body. Closing the connection is left to its owner in any case.
 */
export async function serveHttp(
  connection: OriginConnection,
  handler: OriginHandler,
  options: OriginOptions = {},
): Promise<void> {
  const incoming = connection[Symbol.asyncIterator]()
  const { limits, http09 = false } = options
  const events = new EventReader<RequestEvent>(new RequestParser({ ...limits, http09, decode }), async () => {
    const result = await incoming.next()
    return result.done ? undefined : result.value
  })
  const exchange: Exchange = { connection, events, handler, options, isStreaming: false }
  try {
    for (let open = true; open;) {
      const event = await events.next()
      open = event?.type === 'head' && (await answerRequest(event.head, exchange))
    }
  } catch (error) {
    // Behind a part of an answer another one would be taken for the rest of it.
    if (error !== events.violation || exchange.isStreaming) throw error
    await connection.write(encodeRefusal(error as HttpProtocolError))
  }
  await connection.end()
}

interface Exchange {
  readonly connection: OriginConnection
  readonly events: EventReader<RequestEvent>
  readonly handler: OriginHandler
  readonly options: OriginOptions
  /** The head of an answer is out, and its body goes on. */
  isStreaming: boolean
}

/** Whether another request can follow. */
async function answerRequest(head: RequestHead, exchange: Exchange): Promise<boolean> {
  const { connection, events, options } = exchange
  const content = new RequestContent(head, events, {
    maxBytes: options.maxBodyBytes ?? 1 << 20,
    sendContinue: () => connection.write(encodeContinue()),
  })
  let answer: Answer
  try {
    answer = await answerOf(head, content, exchange)
    // Its body may come from that of the request, and after the head of the answer it would be too late to ask for that.
    if (answer.rest) await content.release()
  } catch (error) {
    if (error === events.violation) throw error
    const tooLarge = content.tooLarge !== undefined && error === content.tooLarge
    await connection.write(
      tooLarge ? encodeRefusal(content.tooLarge) : encodeAnswer(head, { statusCode: 500 }, { keep: false }).bytes,
    )
    if (tooLarge) return false
    await connection.end()
    throw error
  }
  exchange.isStreaming = answer.rest !== undefined
  await connection.write(answer.bytes)
  for await (const piece of answer.rest ?? []) await connection.write(piece)
  exchange.isStreaming = false
  // From here on the answer is out: a fault in what is left of the request can only end the connection.
  return answer.keep && (await content.drain())
}

async function answerOf(head: RequestHead, content: RequestContent, exchange: Exchange): Promise<Answer> {
  const { handler, options, events } = exchange
  if (head.method === 'CONNECT') return encodeAnswer(head, { statusCode: 501 }, { keep: false })
  const body = new MessageBody(content, head.headers)
  const response = typeof handler === 'function' ? await handler({ ...head, body }) : handler
  const keep = persists(head) && !content.withheld && events.violation === undefined
  return encodeAnswer(head, response, { keep, date: options.date?.() })
}
