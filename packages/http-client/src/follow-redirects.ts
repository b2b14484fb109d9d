import { exchange, type ExchangeOptions, type ExchangeWatch, type StartedExchange } from './exchange.ts'
import type { IncomingResponse } from './incoming-response.ts'
import { redirected, tooManyRedirects } from './redirect.ts'
import type { RequestMessage, RequestPlan } from './request-plan.ts'
import type { Redirect } from './response.ts'
import type { Reading } from './spare-parsers.ts'

/** Of the body of a redirect, to keep its connection. */
const MOST_DROPPED = 65536

export interface Followed {
  readonly started: StartedExchange
  readonly last: RequestPlan
  readonly redirects: readonly Redirect[]
}

/** The exchange that was asked for, and those that redirects lead to; `watch.finished` is for the last. */
export async function follow<Message extends RequestMessage & { readonly maxRedirects?: number }>(
  first: RequestPlan,
  firstMessage: Message,
  options: ExchangeOptions,
  reading: Reading,
  watch: ExchangeWatch,
  planFor: (url: URL, message: Message, acceptEncoding: string | undefined) => RequestPlan,
): Promise<Followed> {
  const { maxRedirects = 0 } = firstMessage
  const redirects: Redirect[] = []
  let plan = first
  let message = firstMessage
  let last = false
  const each: ExchangeWatch = {
    deadline: watch.deadline,
    begun: (recorder) => watch.begun(recorder),
    finished() {
      if (last) watch.finished()
    },
  }
  for (;;) {
    const started = await exchange(plan, options, reading, each)
    const { incoming, recorder, received } = started
    try {
      const next = redirected(plan, received.head, message)
      if (next === undefined) {
        last = true
        if (incoming.over) watch.finished()
        return { started, last: plan, redirects }
      }
      if (redirects.length === maxRedirects) throw tooManyRedirects(plan, maxRedirects)
      await drop(incoming, options.pool !== undefined)
      const { statusCode, headers } = received.head
      redirects.push({ url: recorder.url, statusCode, headers, exchange: recorder })
      message = next.message
      plan = planFor(next.url, message, plan.acceptEncoding)
    } catch (error) {
      incoming.close()
      throw error
    }
  }
}

/** Reads what is not worth a new connection, and closes on the rest. */
async function drop(incoming: IncomingResponse, pooled: boolean): Promise<void> {
  const { announcedBytes = Infinity } = incoming
  if (pooled && announcedBytes <= MOST_DROPPED) await incoming.forEach(() => {})
  incoming.close()
}
