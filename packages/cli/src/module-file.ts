/**
 * The URL of a module that is run by itself, in a process or a thread of its own, so that bundling cannot bring it along.
 * In a checkout it is found under the name by which its package exports it. The build makes an entry of each, beside the
 * bundle, with the last part of that name: packages do not publish their examples, and the bundle needs no packages.
 */
export function moduleFile(name: string): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(import.meta.resolve(name))
    : new URL(`./${name.slice(name.lastIndexOf('/') + 1)}.js`, import.meta.url)
}
