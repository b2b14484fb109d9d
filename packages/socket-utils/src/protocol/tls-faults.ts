// What OpenSSL and Node say when TLS fails, by the code of their errors (`X509_V_ERR_…`, `SSL_R_…`, without the prefix).

import { ownEntry } from './own-entry.ts'

const CERTIFICATE_FAULTS: Readonly<Record<string, string>> = {
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REJECTED: 'it is rejected for this use',
  CERT_REVOKED: 'it has been revoked',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_UNTRUSTED: 'it is not trusted for this use',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  ERR_TLS_CERT_ALTNAME_FORMAT: 'its names cannot be read',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  HOSTNAME_MISMATCH: 'it is for another name',
  INVALID_CA: 'what signed it is no authority',
  INVALID_PURPOSE: 'it is not for servers',
  PATH_LENGTH_EXCEEDED: 'its chain is too long',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in a self-signed certificate that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its chain does not reach an authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is signed by an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is signed by an authority that is not trusted',
}

const HANDSHAKE_FAULTS: Readonly<Record<string, string>> = {
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'no version of TLS is left to offer',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the peer does not speak TLS',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'the peer has an internal error',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'the peer speaks none of the protocols offered',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the peer speaks no version of TLS that was offered',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the peer does not know this name',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the peer asks for a certificate of ours',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the peer speaks no version of TLS that was offered',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the peer does not speak TLS',
}

/** What it is, why, and perhaps what the peer said itself, which is not to be shown as it is. */
export type TlsFault = readonly [code: 'certificate-invalid' | 'tls-failed', reason: string, peersWords?: string]

/** Undefined for a code that has nothing to do with TLS. */
export function tlsFault(code: string, cause: unknown): TlsFault | undefined {
  const certificateFault = ownEntry(CERTIFICATE_FAULTS, code)
  if (certificateFault !== undefined) {
    const reason = `the certificate cannot be accepted: ${certificateFault}`
    const names = textOf(objectOf(cause)['cert'], 'subjectaltname')
    return names === undefined ? ['certificate-invalid', reason] : ['certificate-invalid', `${reason}, one of`, names]
  }
  if (!/^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return undefined
  return ['tls-failed', ownEntry(HANDSHAKE_FAULTS, code) ?? textOf(cause, 'reason') ?? 'TLS failed']
}

function textOf(value: unknown, key: string): string | undefined {
  const text = objectOf(value)[key]
  return typeof text === 'string' ? text : undefined
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
