// The site's service worker: the network first, what was stored when there is none. Both languages of the playground are
// stored at once, every other page when it is seen. BUILD is replaced by what was built.

const { version, files } = BUILD
const CACHE = `plainwire-${version}`

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', (event) => {
  const ours = event.data.filter((url) => new URL(url).origin === location.origin)
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.allSettled(ours.map((url) => keep(cache, url)))))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  event.respondWith(answer(request))
})

async function answer(request) {
  const cache = await caches.open(CACHE)
  const stored = await cache.match(request, { ignoreSearch: true })
  // A file whose name holds its hash never changes.
  if (stored && new URL(request.url).pathname.startsWith('/_astro/')) return stored
  try {
    const response = await fetch(request)
    if (response.ok && response.status === 200) await cache.put(request, response.clone())
    return response
  } catch (error) {
    if (stored) return stored
    throw error
  }
}

async function keep(cache, url) {
  if (!(await cache.match(url))) await cache.add(url)
}
