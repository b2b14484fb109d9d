/** The packages that somebody imports, those first that others stand on. */
export const LIBRARIES = ['socket-utils', 'ntp-client', 'http-client', 'socket-server']

/** All that is released, in one version. */
export const PACKAGES = [...LIBRARIES, 'cli']
