// What OpenSSL and Node say when TLS fails, by the code of their errors (`X509_V_ERR_…`, `SSL_R_…`, without the prefix).

/** What it is, why, and perhaps what the peer said itself, which is not to be shown as it is. */
export type TlsFault = readonly [code: 'certificate-invalid' | 'tls-failed', reason: string, peersWords?: string]

/** Undefined for a code that has nothing to do with TLS. */
export function tlsFault(code: string, cause: unknown): TlsFault | undefined {
  const certificateFault = certificateFaultOf(code)
  if (certificateFault !== undefined) {
    const reason = `the certificate cannot be accepted: ${certificateFault}`
    const names = textOf(objectOf(cause)['cert'], 'subjectaltname')
    return names === undefined ? ['certificate-invalid', reason] : ['certificate-invalid', `${reason}, one of`, names]
  }
  if (!/^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return undefined
  return ['tls-failed', handshakeFaultOf(code) ?? textOf(cause, 'reason') ?? 'TLS failed']
}

function certificateFaultOf(code: string): string | undefined {
  switch (code) {
    case 'CERT_CHAIN_TOO_LONG':
    case 'PATH_LENGTH_EXCEEDED':
      return 'its chain is too long'
    case 'CERT_HAS_EXPIRED':
      return 'it has expired'
    case 'CERT_NOT_YET_VALID':
      return 'it is not valid yet'
    case 'CERT_REJECTED':
      return 'it is rejected for this use'
    case 'CERT_REVOKED':
      return 'it has been revoked'
    case 'CERT_SIGNATURE_FAILURE':
      return 'its signature is wrong'
    case 'CERT_UNTRUSTED':
      return 'it is not trusted for this use'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'it is self-signed'
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
      return 'its names cannot be read'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'it is for another name'
    case 'INVALID_CA':
      return 'what signed it is no authority'
    case 'INVALID_PURPOSE':
      return 'it is not for servers'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'its chain ends in a self-signed certificate that is not trusted'
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return 'its chain does not reach an authority'
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'it is signed by an authority that is not trusted'
    default:
      return undefined
  }
}

function handshakeFaultOf(code: string): string | undefined {
  switch (code) {
    case 'ERR_SSL_NO_PROTOCOLS_AVAILABLE':
      return 'no version of TLS is left to offer'
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return 'the peer does not speak TLS'
    case 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR':
      return 'the peer has an internal error'
    case 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL':
      return 'the peer speaks none of the protocols offered'
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return 'the peer speaks no version of TLS that was offered'
    case 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME':
      return 'the peer does not know this name'
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return 'the peer asks for a certificate of ours'
    default:
      return undefined
  }
}

function textOf(value: unknown, key: string): string | undefined {
  const text = objectOf(value)[key]
  return typeof text === 'string' ? text : undefined
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
