// A `refresh`: a new token for the same user, over the connection that is open. PROTOCOL.md, AUTH-5 and AUTH-6.

import { CLOSE } from '../../protocol/close-code.ts'
import type { RefreshFrame } from '../../protocol/frame.ts'
import type { Answer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'
import { closeOutput } from './closing.ts'
import { errorOutput, refuse, unexpected, type Failure, type Request, type Step } from './request.ts'

export class RefreshRequest implements Request {
  readonly channel = undefined
  readonly shares = false
  readonly #frame: RefreshFrame

  constructor(frame: RefreshFrame) {
    this.#frame = frame
  }

  start(connection: Connection): Step {
    return { ask: { kind: 'authenticate', token: this.#frame.token, origin: connection.origin } }
  }

  answered(answer: Answer, connection: Connection, now: number): Step {
    const { id } = this.#frame
    if (answer.kind === 'turned-away') {
      if (answer.code === CLOSE.identityRefused.code) return { outputs: [closeOutput(CLOSE.identityRefused)] }
      if (answer.code === CLOSE.serverError.code)
        return refuse(id, 'server-error', 'The token could not be checked now.')
      return refuse(id, 'token-refused', 'The new token was not accepted; the old one stays until it expires.')
    }
    if (answer.kind !== 'identity') return unexpected(answer)
    if (answer.identity.user !== connection.user) return { outputs: [closeOutput(CLOSE.identityRefused)] }
    if (connection.terms.revoked(answer.identity, connection.session?.id))
      return { outputs: [closeOutput(CLOSE.tokenRevoked)] }
    const { expiresInMs } = answer
    connection.identify(answer.identity, expiresInMs, now)
    return {
      outputs: [
        {
          type: 'send',
          frame: { type: 'result', id, ...(expiresInMs !== undefined && { tokenExpiresInMs: expiresInMs }) },
        },
      ],
    }
  }

  failed(failure: Failure): readonly Output[] {
    return [errorOutput(this.#frame.id, failure)]
  }
}
