import { describe, expect, test } from 'vitest'
import { networkError } from './errors.ts'
import { tlsFault } from './tls-faults.ts'

const failed = (code: string, more: object = {}): Error => Object.assign(new Error('from Node'), { code, ...more })

describe('what is wrong with a certificate is said', () => {
  test.each([
    ['CERT_CHAIN_TOO_LONG', 'its chain is too long'],
    ['CERT_HAS_EXPIRED', 'it has expired'],
    ['CERT_NOT_YET_VALID', 'it is not valid yet'],
    ['CERT_REJECTED', 'it is rejected for this use'],
    ['CERT_REVOKED', 'it has been revoked'],
    ['CERT_SIGNATURE_FAILURE', 'its signature is wrong'],
    ['CERT_UNTRUSTED', 'it is not trusted for this use'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed'],
    ['ERR_TLS_CERT_ALTNAME_FORMAT', 'its names cannot be read'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another name'],
    ['HOSTNAME_MISMATCH', 'it is for another name'],
    ['INVALID_CA', 'what signed it is no authority'],
    ['INVALID_PURPOSE', 'it is not for servers'],
    ['PATH_LENGTH_EXCEEDED', 'its chain is too long'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'its chain ends in a self-signed certificate that is not trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'its chain does not reach an authority'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'it is signed by an authority that is not trusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'it is signed by an authority that is not trusted'],
  ])('%s', (code, reason) => {
    expect(networkError('TLS handshake with host:443', failed(code))).toMatchObject({
      code: 'certificate-invalid',
      message: `TLS handshake with host:443: the certificate cannot be accepted: ${reason} (${code})`,
    })
  })

  test('with the names that it has, which the peer has chosen', () => {
    const cause = failed('ERR_TLS_CERT_ALTNAME_INVALID', {
      cert: { subjectaltname: `DNS:\u001b[2J${'x'.repeat(200)}` },
    })
    expect(networkError('handshake', cause).message).toBe(
      `handshake: the certificate cannot be accepted: it is for another name, one of "DNS:\\u001b[2J${'x'.repeat(92)}…" (ERR_TLS_CERT_ALTNAME_INVALID)`,
    )
    for (const cert of [undefined, null, 7, {}, { subjectaltname: 7 }]) {
      expect(tlsFault('ERR_TLS_CERT_ALTNAME_INVALID', { cert })).toHaveLength(2)
    }
  })
})

describe('a handshake that fails', () => {
  test.each([
    ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'no version of TLS is left to offer'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'the peer does not speak TLS'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'the peer has an internal error'],
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'the peer speaks none of the protocols offered'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'the peer speaks no version of TLS that was offered'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'the peer does not know this name'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the peer asks for a certificate of ours'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'the peer speaks no version of TLS that was offered'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'the peer does not speak TLS'],
  ])('%s', (code, reason) => {
    expect(tlsFault(code, { reason: 'in the words of OpenSSL' })).toEqual(['tls-failed', reason])
  })

  test('in the words of OpenSSL where there are no better ones', () => {
    expect(tlsFault('ERR_SSL_BAD_SIGNATURE', { reason: 'bad signature' })).toEqual(['tls-failed', 'bad signature'])
    expect(tlsFault('EPROTO', undefined)).toEqual(['tls-failed', 'TLS failed'])
  })

  test.each(['ECONNRESET', 'ERR_STREAM_DESTROYED', 'XERR_SSL_', 'EPROTOTYPE', ''])('%j is not one of them', (code) => {
    expect(tlsFault(code, {})).toBeUndefined()
  })
})
