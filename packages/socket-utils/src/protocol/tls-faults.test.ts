import { describe, expect, test } from 'vitest'
import { networkError } from './errors.ts'
import { tlsFault } from './tls-faults.ts'

const failed = (code: string, more: object = {}): Error => Object.assign(new Error('from Node'), { code, ...more })

describe('what is wrong with a certificate is said', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'it has expired'],
    ['CERT_NOT_YET_VALID', 'it is not valid yet'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'its chain ends in a self-signed certificate that is not trusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'it is signed by an authority that is not trusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'it is signed by an authority that is not trusted'],
    ['CERT_REVOKED', 'it has been revoked'],
    ['HOSTNAME_MISMATCH', 'it is for another name'],
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
  test('in the words of OpenSSL where there are no better ones', () => {
    expect(tlsFault('ERR_SSL_WRONG_VERSION_NUMBER', {})).toEqual(['tls-failed', 'the peer does not speak TLS'])
    expect(tlsFault('ERR_SSL_BAD_SIGNATURE', { reason: 'bad signature' })).toEqual(['tls-failed', 'bad signature'])
    expect(tlsFault('EPROTO', undefined)).toEqual(['tls-failed', 'TLS failed'])
  })

  test.each(['ECONNRESET', 'ERR_STREAM_DESTROYED', 'XERR_SSL_', 'EPROTOTYPE', ''])('%j is not one of them', (code) => {
    expect(tlsFault(code, {})).toBeUndefined()
  })
})
