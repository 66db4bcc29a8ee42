// `POST /sign-in {name}` answers `{user, token}`.

import type { IncomingMessage } from 'node:http'
import type { Answer } from '@staywire-examples/site'
import type { Tokens } from '@staywire-examples/site/tokens'
import { z } from 'zod'

const MOST_BYTES = 1_024
const asked = z.object({ name: z.string().trim().min(1).max(32) })

/** The route. A name is enough: people with passwords are in the example `messages`. */
export function signIn(tokens: Tokens): Answer {
  return async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/sign-in') return false
    const { success, data } = asked.safeParse(await json(request))
    if (!success) {
      response.writeHead(400).end()
      return true
    }
    const answer = { user: data.name, token: await tokens.issue(data.name) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    return true
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MOST_BYTES) return undefined
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
