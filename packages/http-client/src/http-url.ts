import { NetworkError, quoted } from '@plainwire/socket-utils/errors'

/**
 * The URL of a request, checked before anything is opened. TypeError for what is no http: URL or carries a password,
 * RangeError for a port outside 1 to 65535, NetworkError `unsupported` for https.
 */
export function parseHttpUrl(target: string | URL): URL {
  const text = String(target)
  // The platform's parser would take these out without a word.
  const stray = /[\u0000-\u0020\u007f]/.test(text) // oxlint-disable-line no-control-regex -- these are what is refused
  if (stray || !URL.canParse(text)) {
    const port = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:([0-9]+)(?:[/?#]|$)/i.exec(text)?.[1]
    if (!stray && Number(port) > 65535) throw portError(port)
    throw new TypeError(`${quoted(text)} is no URL: write http://host/path`)
  }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`a URL with a user name or password is not taken: http://…@${url.host}${url.pathname}`)
  }
  if (url.protocol === 'https:') {
    throw new NetworkError('unsupported', `${quoted(text)}: TLS is not here yet, only http: URLs`)
  }
  if (url.protocol !== 'http:' || url.hostname === '') {
    throw new TypeError(`${quoted(text)} is no http: URL: write http://host/path`)
  }
  if (url.port === '0') throw portError('0')
  return url
}

function portError(port: string | undefined): RangeError {
  return new RangeError(`port must be 1 to 65535, got ${port}`)
}
