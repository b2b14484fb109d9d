import {
  request,
  type ExchangeTrace,
  type HttpResponse,
  type RequestOptions,
  type StopAfter,
} from '@plainwire/http-client'
import type { GetFlags } from '../commands/get.ts'
import type { Context } from '../context.ts'
import { startOrigin, targetOr } from '../embedded.ts'
import { StatusFault, UsageError } from '../exit-code.ts'
import { failureLine } from '../failure.ts'
import type { CommonFlags } from '../flags.ts'
import { say } from '../language.ts'
import { headLines, noteSteps, stepLines, stepsDocument } from '../output/exchange.ts'
import { writeFileTo } from '../output/files.ts'
import { saveBody } from './download.ts'

type Flags = GetFlags & CommonFlags

export async function runGet(context: Context, flags: Flags, url?: string): Promise<void> {
  await using target = await targetOr(url, startOrigin, (origin) => `http://${origin}/`, context)
  const options = await requestOptions(context, flags)
  if (flags.stopAfter !== undefined) return await getSteps(context, flags, target.text, options, flags.stopAfter)

  const exchanges: ExchangeTrace[] = []
  try {
    const keeps = flags.trace || flags.har !== undefined
    const onExchange = (begun: ExchangeTrace): void => void exchanges.push(begun)
    await using response = await request(target.text, keeps ? { ...options, onExchange } : options)
    await take(context, flags, response)
  } catch (error) {
    // Of one that failed most of all; and why it failed is the news, not that this cannot be written either.
    await keepRecord(context, flags, exchanges).catch((also: unknown) => context.complain(failureLine(also)))
    throw error
  }
  await keepRecord(context, flags, exchanges)
}

async function take(context: Context, flags: Flags, response: HttpResponse): Promise<void> {
  const { url, statusCode } = response
  const isDocument = flags.json || flags.jsonl
  const isFault = flags.fail && statusCode >= 400
  try {
    if (isDocument) await document(context, isFault ? {} : flags, response)
    // The page that says so is not the one that was wanted, neither on stdout nor in a file that was good until now.
    else if (!isFault) await show(context, flags, response)
  } finally {
    if (flags.timings && !isDocument) await drawTimings(context, flags, response)
  }
  if (isFault) {
    throw new StatusFault(say({ en: `${url}: status ${statusCode}`, es: `${url}: estado ${statusCode}` }))
  }
}

/** With --output the body is in that file alone. */
async function document(context: Context, { output }: Pick<Flags, 'output'>, response: HttpResponse): Promise<void> {
  if (output === undefined || output === '-') {
    const body = await response.bytes()
    context.answer(responseDocument(response, { ...bodyDocument(body), bodyBytes: body.length }), () => [])
  } else {
    const bodyBytes = await saveBody(context, output, response)
    context.answer(responseDocument(response, { output, bodyBytes }), () => [])
  }
}

async function requestOptions(context: Context, flags: Flags): Promise<RequestOptions> {
  const { data, header = [], insecure, proxy, unixSocket, ipv4, ipv6, timeout } = flags
  if (data !== undefined && flags.head) {
    throw new UsageError(say({ en: '--head and --data do not go together', es: '--head y --data no van juntas' }))
  }
  const body = data?.startsWith('@') ? await contentOf(data.slice(1), context) : data
  const method = flags.method ?? (flags.head ? 'HEAD' : body === undefined ? 'GET' : 'POST')
  const family = ipv4 === ipv6 ? undefined : ipv4 ? 4 : 6
  return {
    method,
    headers: header,
    version: flags.http,
    signal: context.signal,
    trace: Boolean(flags.trace || flags.har),
    maxRedirects: flags.location ? flags.maxRedirects : 0,
    ...(isWatched(flags) && { onStep: (step) => noteSteps(step, context) }),
    ...(body !== undefined && { body }),
    ...(timeout && { timeoutMs: timeout }),
    ...(family && { family }),
    ...(insecure && { tls: { rejectUnauthorized: false } }),
    ...(flags.compressed && { decompress: true }),
    ...(proxy !== undefined && { proxy }),
    ...(unixSocket !== undefined && { socketPath: unixSocket }),
  }
}

async function contentOf(path: string, context: Context): Promise<Uint8Array> {
  const { readInput } = await import('../output/input.ts')
  return await readInput(path, context)
}

/** Whether anything is told of the steps but what they come to: our own end is asked of the system for who watches alone. */
function isWatched({ verbose, json, jsonl, stopAfter }: Flags): boolean {
  return Boolean(verbose || json || jsonl) || stopAfter !== undefined
}

/** What needs a response. */
const BEYOND_STEPS = ['output', 'include', 'fail', 'timings', 'trace', 'har'] as const

async function getSteps(
  context: Context,
  flags: Flags,
  url: string,
  options: RequestOptions,
  stopAfter: StopAfter,
): Promise<void> {
  const beyond = BEYOND_STEPS.find((flag) => flags[flag])
  if (beyond) {
    throw new UsageError(
      say({
        en: `--stop-after and --${beyond} do not go together`,
        es: `--stop-after y --${beyond} no van juntas`,
      }),
    )
  }
  const steps = await request(url, { ...options, stopAfter })
  context.answer(stepsDocument(steps), () => stepLines(steps))
}

async function show(context: Context, flags: Flags, response: HttpResponse): Promise<void> {
  if (flags.include || flags.head) for (const line of headLines(response)) context.print(line)
  // With a picture asked for, the body is not what is wanted.
  const unseen = flags.timings && flags.output === undefined
  if (unseen) await response.body.forEach(() => {})
  else await saveBody(context, flags.output, response)
}

/** The bytes of all exchanges, redirects included, as far as they came. */
async function keepRecord(context: Context, { trace, har }: Flags, exchanges: readonly ExchangeTrace[]): Promise<void> {
  if (!trace && har === undefined) return
  const { formatCurlTrace, toHar } = await import('@plainwire/http-client/trace')
  const traces = trace ? exchanges.map((exchange) => formatCurlTrace(exchange).trimEnd()) : []
  for (const text of traces) if (text !== '') context.complain(text)
  if (har !== undefined) await writeFileTo(har, `${JSON.stringify(toHar(exchanges), undefined, 2)}\n`)
}

async function drawTimings(context: Context, { output }: Flags, { timings }: HttpResponse): Promise<void> {
  const { waterfall } = await import('../output/waterfall.ts')
  for (const line of waterfall(timings, context)) {
    if (output === undefined) context.print(line)
    else context.complain(line)
  }
}

function responseDocument(response: HttpResponse, body: object): object {
  const { url, version, statusCode, reasonPhrase, headers, trailers, redirects, timings } = response
  const { address, port, localAddress, localPort, tls, bytesSent, bytesReceived } = response.exchange
  return {
    url,
    version,
    statusCode,
    reasonPhrase,
    headers: [...headers],
    trailers: [...trailers],
    ...body,
    redirects: redirects.map((redirect) => ({ url: redirect.url, statusCode: redirect.statusCode })),
    address,
    port,
    localAddress,
    localPort,
    ...(tls && { tls }),
    bytesSent,
    bytesReceived,
    timings,
  }
}

/** Text, or what is none as base64: JSON could not carry it. */
function bodyDocument(body: Uint8Array): object {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) }
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') }
  }
}
