import type { Handlers } from '@plainwire/socket-server'

/** RFC 862 in the fast layer: handlers declared once for all connections. */
const echo: Handlers = {
  data(link, bytes) {
    link.forward(bytes)
  },
}
export default echo
