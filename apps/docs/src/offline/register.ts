// After the first visit the pages that were seen, and the playground, work without a network.

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  void navigator.serviceWorker.register('/sw.js')
  void navigator.serviceWorker.ready.then(({ active }) => {
    // What this page loaded came before the worker could see it.
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
    active?.postMessage([location.href, ...loaded])
  })
}
