// The fifteen lessons, in order.

/** Of each lesson, the name by which its package exports the program. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'basics-01': '@plainwire/socket-utils/examples/basics-01-host-name',
  'basics-02': '@plainwire/socket-utils/examples/basics-02-host-by-name',
  'basics-03': '@plainwire/socket-utils/examples/basics-03-service-by-port',
  'basics-04': '@plainwire/ntp-client/examples/basics-04-time-with-library',
  'basics-05': '@plainwire/ntp-client/examples/basics-05-time-by-hand',
  'socket-01': '@plainwire/http-client/examples/socket-01-create',
  'socket-02': '@plainwire/http-client/examples/socket-02-resolve',
  'socket-03': '@plainwire/http-client/examples/socket-03-connect',
  'socket-04': '@plainwire/http-client/examples/socket-04-send',
  'socket-05': '@plainwire/http-client/examples/socket-05-receive',
  'server-01': '@plainwire/socket-server/examples/server-01-bind',
  'server-02': '@plainwire/socket-server/examples/server-02-accept',
  'server-03': '@plainwire/socket-server/examples/server-03-echo-once',
  'server-04': '@plainwire/socket-server/examples/server-04-iterative',
  'server-05': '@plainwire/socket-server/examples/server-05-thread-per-client',
}

export const LESSON_IDS = Object.keys(PROGRAMS)
