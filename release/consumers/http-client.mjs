import { once } from 'node:events'
import { createServer } from 'node:http'
import { get } from '@plainwire/http-client'
import { encodeRequest } from '@plainwire/http-client/encoder'
import { serveHttp } from '@plainwire/http-client/origin'
import { RequestParser } from '@plainwire/http-client/parser'
import { attempt, equal, report } from './check.mjs'

const server = createServer((request, response) => response.end(`hola ${request.httpVersion}`))
await once(server.listen(0, '127.0.0.1'), 'listening')
const url = `http://127.0.0.1:${server.address().port}/`
const response = await get(url, { trace: true })
equal(response.statusCode, 200)
equal(await response.text(), 'hola 1.0')
equal(response.exchange.sent.length > 0, true)
equal(await (await get(url, { version: '1.1' })).text(), 'hola 1.1')
await attempt('stopAfter', async () => equal((await get(url, { stopAfter: 'send' })).bytesSent > 0, true))
server.close()

const parser = new RequestParser()
parser.push(encodeRequest({ method: 'GET', requestTarget: '/', version: '1.0', headers: [] }))
equal(parser.next().head.requestTarget, '/')
equal(typeof serveHttp, 'function')
report()
