// A request that two servers would read as one request and as two.
import { RequestParser, type HttpProtocolError } from '@plainwire/http-client/parser'

const wire = [
  'POST / HTTP/1.1',
  'Host: shop.example',
  'Content-Length: 6',
  'Transfer-Encoding: chunked',
  '',
  '0',
  '',
  'GET /admin HTTP/1.1',
].join('\r\n')

const parser = new RequestParser()
parser.push(new TextEncoder().encode(wire))
try {
  parser.next()
} catch (error) {
  const { code, offset, line, clause, message } = error as HttpProtocolError
  console.log(message)
  console.log({ code, offset, line, clause })
}

const lenient = new RequestParser({ leniency: ['length-beside-coding'] })
lenient.push(new TextEncoder().encode(wire))
const head = lenient.next()
console.log(head?.type === 'head' && head.warnings)
