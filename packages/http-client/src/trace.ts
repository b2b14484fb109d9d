// `@plainwire/http-client/trace`: an exchange for other eyes, from what `trace: true` kept. Pure, as the parsers are.

export { formatCurlTrace, formatCurlVerbose, type TracedExchange } from './protocol/curl-trace.ts'
export { blocksOf, type Block, type ExchangeBytes } from './protocol/exchange-blocks.ts'
export { toHar, type Har, type HarEntry, type HarExchange, type HarOptions } from './protocol/har.ts'
