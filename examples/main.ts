// `npm run examples`: all examples, each in a process of its own on the port that its package.json names, and a page with links.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const PORT = 8100

/** An example as its package.json describes it. */
interface Example {
  readonly name: string
  readonly port: number
  readonly title: string
  readonly about: string
}

/** Every example there is, by port. */
function examples(): Example[] {
  const files = readdirSync(FOLDER).map((folder) => `${FOLDER}${folder}/package.json`)
  return files
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Package)
    .flatMap(({ name, description, config }) =>
      config === undefined ? [] : [{ name, about: description, title: config.title, port: Number(config.port) }],
    )
    .toSorted((a, b) => a.port - b.port)
}

interface Package {
  readonly name: string
  readonly description: string
  /** Only examples have one. */
  readonly config?: { readonly port: string; readonly title: string }
}

function start({ name, port }: Example): ChildProcess {
  const folder = `${FOLDER}${name.split('/')[1]}`
  const child = spawn(process.execPath, [`${folder}/server/main.ts`], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (chunk: Buffer) => process.stdout.write(`${name.split('/')[1]}: ${chunk.toString()}`))
  return child
}

function page(all: readonly Example[]): string {
  const rows = all.map(
    ({ title, about, port }) => `<li><a href="http://127.0.0.1:${port}/">${title}</a><p>${about}</p></li>`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Staywire: the examples</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:640px;margin:8vh auto;padding:0 24px;color-scheme:light dark}
ul{list-style:none;padding:0}li{margin:24px 0}a{font-size:20px;font-weight:600}p{margin:2px 0}</style>
<h1>The examples</h1><p>Open each in several tabs: it stays on one connection, but for the clients of Socket.IO, which cannot share one.</p><ul>${rows.join('')}</ul></html>`
}

const all = examples()
const children = all.map(start)
const html = page(all)
const server = createServer((request, response) => {
  if (request.url === '/') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
  else response.writeHead(404).end()
})
server.listen(Number(process.env['PORT'] ?? PORT), '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') console.log(`listening on http://127.0.0.1:${address.port}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
    server.close()
    server.closeAllConnections()
  })
}
