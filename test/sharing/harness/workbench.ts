// A developer at work: the pages from a Vite development server, with files that change under the running page.

import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { SOURCES } from './pages.ts'
import { openSite, type Site } from './site.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A watcher notices what it will notice within this. */
const NOTICED_MS = 2_000

/** A development server behind a site. */
export interface Workbench {
  readonly site: Site
  /** How many pages would be told of an edit. */
  pages(): number
  /** Saves `file` with another edition number; the page is told by the development server. */
  edit(file: string, edition: number): Promise<void>
  close(): Promise<void>
}

/** Copies the pages to where they may be changed and serves them from there, in front of the gateway at `port`. */
export async function openWorkbench(port: number): Promise<Workbench> {
  // Not below `node_modules`, which development servers do not watch.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'staywire-pages-')))
  await cp(SOURCES, root, { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const site = await openSite(port, (request, response) => vite.middlewares(request, response))
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(root, '.vite'),
    plugins: [react()],
    server: { middlewareMode: true, hmr: { server: site.http }, fs: { allow: [root, ROOT] } },
    // What is found out late reloads the page.
    optimizeDeps: {
      include: [
        'react',
        'react/jsx-dev-runtime',
        'react-dom/client',
        'react-router',
        'react-router/dom',
        'socket.io-client',
      ],
      // Modules already; bundled, it would be the edition for Node that a test runner stands for.
      exclude: ['vue', 'vue-router'],
    },
  })
  return {
    site,
    pages: () => vite.ws.clients.size,
    async edit(file, edition) {
      const path = join(root, file)
      const text = await readFile(path, 'utf8')
      const edited = text.replace(/EDITION = \d+/, `EDITION = ${edition}`)
      // Of two changes in one moment a watcher may see the first alone: then it is saved again, as by hand.
      for (let seen = false; !seen;) {
        const change = new Promise((resolve) => vite.watcher.once('change', resolve))
        await writeFile(path, edited)
        seen = await Promise.race([change.then(() => true), setTimeout(NOTICED_MS, false)])
      }
    },
    async close() {
      await vite.close()
      await site.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
