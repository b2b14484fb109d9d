import { extname } from 'node:path'

/**
 * The worker file beside the module that starts it: `.ts` in source, `.js` in dist, whatever a bundle's main file is
 * called. A bundler has to write the worker next to that file, under the same name.
 */
export function workerUrl(path: `./${string}`, startedBy: string): URL {
  return new URL(path + extname(new URL(startedBy).pathname), startedBy)
}
