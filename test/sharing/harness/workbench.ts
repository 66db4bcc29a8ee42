// A developer at work: the pages from a Vite development server, with files that change under the running page.

import { openDevServer } from '../../browser/harness/dev-server.ts'
import { SOURCES } from './pages.ts'
import { openSite, type Site } from './site.ts'

/** A development server behind a site. */
export interface Workbench {
  readonly site: Site
  /** How many pages would be told of an edit. */
  pages(): number
  /** Saves `file` with another edition number; the page is told by the development server. */
  edit(file: string, edition: number): Promise<void>
  close(): Promise<void>
}

const NO_MODULES = [
  'react',
  'react/jsx-dev-runtime',
  'react-dom/client',
  'react-router',
  'react-router/dom',
  'socket.io-client',
]

/** Copies the pages to where they may be changed and serves them from there, in front of the gateway at `port`. */
export async function openWorkbench(port: number): Promise<Workbench> {
  const site = await openSite(port, (request, response) => development.handle(request, response))
  const development = await openDevServer(SOURCES, site.http, NO_MODULES)
  return {
    site,
    pages: () => development.pages(),
    edit: (file, edition) => development.edit(file, (text) => text.replace(/EDITION = \d+/, `EDITION = ${edition}`)),
    async close() {
      await development.close()
      await site.close()
    },
  }
}
