// `POST /guest` answers a token for somebody without an account.

import { randomInt } from 'node:crypto'
import type { Answer } from '@staywire-examples/site'
import type { Tokens } from '@staywire-examples/site/tokens'

const NAMES = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Vint']
const NUMBERS = 10_000

/** The route. */
export function guest(tokens: Tokens): Answer {
  return async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/guest') return false
    const token = await tokens.issue(`${NAMES[randomInt(NAMES.length)]} ${randomInt(NUMBERS)}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }))
    return true
  }
}
