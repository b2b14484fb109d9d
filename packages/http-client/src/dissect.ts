// `@plainwire/http-client/dissect`: the bytes of a connection explained, for `@plainwire/socket-utils/hexdump`.

export { dissectRequests, dissectResponses, type DissectResponsesOptions } from './protocol/dissection.ts'
