// The small page for somebody who came to a place in a browser where nothing is. Plain: no script, no style, no echo of what
// was asked for.

import type { Answer } from '../http/answer.ts'

/** A page that says one thing. `title` and `message` are ours, never the visitor's. */
export function errorPage(status: number, title: string, message: string): Answer {
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${status} ${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
    <p>${message}</p>
  </body>
</html>
`
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }
  return { status, headers, bytes: Buffer.from(page) }
}
