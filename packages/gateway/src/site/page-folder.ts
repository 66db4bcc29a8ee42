// Where the built files of a page package lie.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of a page's built files, or `undefined` when the package is missing or not built. */
export function pageFolder(name: '@staywire/demo' | '@staywire/dashboard'): string | undefined {
  try {
    const folder = new URL('dist/', import.meta.resolve(`${name}/package.json`))
    return existsSync(new URL('index.html', folder)) ? fileURLToPath(folder) : undefined
  } catch {
    return undefined
  }
}
