// The pages: built by Nuxt when they have changed, and served by what it built.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Answers every request that is for nobody else. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => void

/** Builds the pages of `folder` if they have changed since the last time, and loads them. */
export async function openPages(folder: string): Promise<Pages> {
  const built = join(folder, '.output', 'server', 'index.mjs')
  const stamp = join(folder, '.output', 'stamp')
  const sources = hashOf(folder)
  if (!existsSync(built) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
    console.log('building the pages ...')
    await build(folder)
    writeFileSync(stamp, sources)
  }
  // Nuxt's configuration says `node-listener`: what is built is a function, not a server.
  const { listener } = (await import(built)) as { listener: Pages }
  return listener
}

/** One hash over everything that a build reads, the library and the look included. */
function hashOf(folder: string): string {
  const { resolve } = createRequire(join(folder, 'package.json'))
  const library = ['staywire/vue', '@staywire/nuxt'].map((name) => dirname(resolve(name)))
  const own = ['nuxt.config.ts', 'package.json', 'app/**/*.{ts,vue,css}'].flatMap((pattern) =>
    globSync(pattern, { cwd: folder }),
  )
  const theirs = library.flatMap((place) =>
    globSync('**/*.js', { cwd: dirname(place) }).map((file) => join(dirname(place), file)),
  )
  const look = globSync(join(dirname(resolve('@staywire/look/example.css')), '*.css'))
  const hash = createHash('sha256')
  for (const file of [...own.toSorted().map((name) => join(folder, name)), ...theirs.toSorted(), ...look.toSorted()])
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

function build(folder: string): Promise<void> {
  const { resolve } = createRequire(join(folder, 'package.json'))
  const nuxt = join(dirname(resolve('nuxt/package.json')), 'bin', 'nuxt.mjs')
  const env = { ...process.env, NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1' }
  const child = spawn(process.execPath, [nuxt, 'build', '--logLevel', 'silent'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolved, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolved() : reject(new Error(`nuxt build ended with ${code}`))))
  })
}
