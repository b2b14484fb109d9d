import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NetworkError, type NetworkErrorCode, networkError, ProtocolError, quoted, WireError } from './errors.ts'

const systemError = (code: string, message = `connect ${code}`): Error => Object.assign(new Error(message), { code })

describe('whose fault', () => {
  test('the peer’s and the network’s are told apart, and share a base', () => {
    const peer = new ProtocolError('http/bad-chunk', 'bad chunk size "x"')
    const network = new NetworkError('timed-out', 'connect to 127.0.0.1:9: timed out after 200 ms')
    expect([peer, network].map((error) => error instanceof WireError)).toEqual([true, true])
    expect(peer instanceof NetworkError || network instanceof ProtocolError).toBe(false)
    expect(String(peer)).toBe('ProtocolError: bad chunk size "x"')
    expect(String(network)).toBe('NetworkError: connect to 127.0.0.1:9: timed out after 200 ms')
    expect([peer.code, network.code]).toEqual(['http/bad-chunk', 'timed-out'])
    expect(String(new WireError('abandoned', 'given up'))).toBe('WireError: given up')
  })
})

describe('networkError', () => {
  test.each<[string, NetworkErrorCode, string]>([
    ['EACCES', 'permission-denied', 'permission denied'],
    ['EADDRINUSE', 'address-in-use', 'address already in use'],
    ['EADDRNOTAVAIL', 'address-unavailable', 'address not available on this host'],
    ['EAFNOSUPPORT', 'unsupported', 'address family not supported'],
    ['EAI_AGAIN', 'lookup-failed', 'name server did not answer'],
    ['EAI_FAIL', 'lookup-failed', 'name server failed'],
    ['EAI_NODATA', 'lookup-failed', 'no address for this name'],
    ['EAI_NONAME', 'lookup-failed', 'name not found'],
    ['ECONNABORTED', 'connection-reset', 'connection aborted'],
    ['ECONNREFUSED', 'connect-refused', 'connection refused'],
    ['ECONNRESET', 'connection-reset', 'connection reset by peer'],
    ['EHOSTDOWN', 'unreachable', 'host is down'],
    ['EHOSTUNREACH', 'unreachable', 'no route to host'],
    ['EMFILE', 'out-of-descriptors', 'too many open files'],
    ['ENETDOWN', 'unreachable', 'network is down'],
    ['ENETUNREACH', 'unreachable', 'network is unreachable'],
    ['ENFILE', 'out-of-descriptors', 'too many open files in the system'],
    ['ENODATA', 'lookup-failed', 'no address for this name'],
    ['ENOENT', 'connect-refused', 'no such socket file'],
    ['ENOTFOUND', 'lookup-failed', 'name not found'],
    ['EPERM', 'permission-denied', 'operation not permitted'],
    ['EPIPE', 'connection-closed', 'connection closed by peer'],
    ['EREFUSED', 'lookup-failed', 'name server refused'],
    ['ESERVFAIL', 'lookup-failed', 'name server failed'],
    ['ETIMEDOUT', 'timed-out', 'timed out'],
    ['ETIMEOUT', 'timed-out', 'name server did not answer'],
  ])('%s is %s', (systemCode, code, reason) => {
    const cause = systemError(systemCode)
    const error = networkError('connect to 127.0.0.1:80', cause)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error.code).toBe(code)
    expect(error.message).toBe(`connect to 127.0.0.1:80: ${reason} (${systemCode})`)
    expect(error.cause).toBe(cause)
  })

  test('a code it does not know keeps the system’s own words', () => {
    for (const code of ['EINVAL', 'constructor', '']) {
      const error = networkError('connect to 127.0.0.1:80', systemError(code, 'connect EINVAL 127.0.0.1:80'))
      expect([error.code, error.message]).toEqual(['failed', 'connect to 127.0.0.1:80: connect EINVAL 127.0.0.1:80'])
    }
  })

  test.each([
    [undefined, 'read: undefined'],
    [null, 'read: null'],
    ['line\n', 'read: "line\\n"'],
    [{ code: 7 }, 'read: [object Object]'],
  ])('what was thrown may be no error at all: %j', (cause, message) => {
    expect(networkError('read', cause).message).toBe(message)
  })

  test('an error that says already whose fault it is passes through', () => {
    const error = new ProtocolError('bytes/truncated', 'needed 2 bytes')
    expect(networkError('read', error)).toBe(error)
  })
})

describe('quoted', () => {
  test.each<[string, unknown]>([
    ['"Wiki"', 'Wiki'],
    ['"say \\"hi\\"\\\\"', 'say "hi"\\'],
    ['"a\\r\\n\\u0000\\u001b[2J"', 'a\r\n\0\u001b[2J'],
    ['"\\u007f\\u009b2J"', '\u007f\u009b2J'],
    ['"\\u202egpj.exe\\u2066"', '\u202egpj.exe\u2066'],
    ['"ñ€😀"', 'ñ€😀'],
    ['70000', 70000],
    ['NaN', NaN],
    ['undefined', undefined],
    ['7', 7n],
    ['a\\n,b', ['a\n', 'b']],
  ])('shows %s', (shown, value) => {
    expect(quoted(value)).toBe(shown)
  })

  test('cuts after 60 characters, or as many as asked for, and says so', () => {
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`)
    expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`)
    expect(quoted('abcdef', 3)).toBe('"abc…"')
  })

  test('never lets a control character through, and a short string can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const shown = quoted(text)
        // oxlint-disable-next-line no-control-regex -- these are what must not be there
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
        expect(JSON.parse(shown)).toBe(text)
      }),
    )
  })
})
