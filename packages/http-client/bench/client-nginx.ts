import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitForPort } from '@plainwire/socket-utils'
import { startPeer, temporaryDirectory, unusedPort } from '@plainwire/testing'

export const DOWNLOAD_BYTES = 256 << 20

/** nginx with `/`, a page of 13 bytes, and `/big`, 256 MiB that take no room on the disk. */
export async function startNginx(program: string): Promise<AsyncDisposable & { readonly url: string }> {
  const directory = temporaryDirectory()
  const { path } = directory
  const port = await unusedPort()
  writeFileSync(join(path, 'index.html'), 'hello, world\n')
  const big = openSync(join(path, 'big'), 'w')
  ftruncateSync(big, DOWNLOAD_BYTES)
  closeSync(big)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path}/${name};`,
  )
  writeFileSync(
    join(path, 'nginx.conf'),
    `daemon off; master_process off; pid ${path}/pid; error_log stderr;
     events { worker_connections 256; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; ${temporary.join(' ')}
       server { listen 127.0.0.1:${port} backlog=511; root ${path}; } }`,
  )
  const nginx = startPeer(program, ['-e', 'stderr', '-p', path, '-c', join(path, 'nginx.conf')])
  await waitForPort({ host: '127.0.0.1', port })
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      await nginx[Symbol.asyncDispose]()
      directory[Symbol.dispose]()
    },
  }
}
