// The pages in `pages/`, built as an app would be with the built library.

import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import type { Pages } from './site.ts'

/** Where their sources lie. */
export const SOURCES = fileURLToPath(new URL('../pages/', import.meta.url))
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/staywire/sharing/', import.meta.url))
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

/** Builds `names`, and serves `pages/<name>.html` below `base` (default `/`). `plugins` may change what is built. */
export async function buildPages(
  names: readonly string[],
  { base = '/', plugins = [] }: { base?: string; plugins?: readonly Plugin[] } = {},
): Promise<Pages> {
  const outDir = join(CACHE, `${names.join('-')}-${base.replaceAll('/', '')}-${process.pid}`)
  await build({
    root: SOURCES,
    base,
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    // StrictMode mounts twice only in React's development build.
    define: { 'process.env.NODE_ENV': '"development"' },
    plugins: [...plugins],
    build: {
      outDir,
      emptyOutDir: true,
      // Components keep their names.
      minify: false,
      target: 'es2023',
      rolldownOptions: { input: names.map((name) => join(SOURCES, `${name}.html`)) },
    },
  })
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    readFile(join(outDir, pathname.slice(base.length))).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  }
}
