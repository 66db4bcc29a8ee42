// A Vite development server over a copy of some pages, which a test may change under the running browser as a developer would.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A development server. */
export interface DevServer {
  /** Answers what belongs to the pages. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /** How many pages would be told of a change. */
  pages(): number
  /** Saves `file` as `change` makes it; the pages are told. */
  edit(file: string, change: (text: string) => string): Promise<void>
  close(): Promise<void>
}

/** Copies `sources` to where they may be changed. `http` carries what the pages are told; `prepare` names packages that are no modules. */
export async function openDevServer(
  sources: string,
  http: Server,
  prepare: readonly string[] = [],
): Promise<DevServer> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'staywire-pages-')))
  await cp(sources, root, { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(root, '.vite'),
    plugins: [react()],
    // On a busy machine a watcher may take one save for two, or for none: `edit` says itself that it has saved.
    server: { middlewareMode: true, hmr: { server: http }, watch: null, fs: { allow: [root, ROOT] } },
    optimizeDeps: {
      // What is found out late reloads the page.
      include: [...prepare],
      // Modules already; bundled, it would be the edition for Node that a test runner stands for.
      exclude: ['vue', 'vue-router'],
    },
  })
  return {
    handle: (request, response) => vite.middlewares(request, response),
    pages: () => vite.ws.clients.size,
    async edit(file, change) {
      const path = join(root, file)
      await writeFile(path, change(await readFile(path, 'utf8')))
      vite.watcher.emit('change', path)
    },
    async close() {
      await vite.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
