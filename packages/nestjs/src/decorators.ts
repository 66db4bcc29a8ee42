// Marks methods of providers that answer what a server asks. They run as handlers of Nest do: with guards, interceptors, pipes and
// filters.

import { SetMetadata } from '@nestjs/common'

/** What a method answers. */
export type Asked = 'authenticate' | 'authorize' | `call ${string}`

/** Under which metadata key a method says what it answers. */
export const ASKED = 'staywire:asked'

/**
 * The method says who somebody is: it is given an `AuthenticateRequest` and answers an `Identity` or `null`. A guard that refuses, and an
 * exception with status 403, close 4003; one with status 401 is as good as `null`.
 */
export function OnAuthenticate(): MethodDecorator {
  return SetMetadata<string, Asked>(ASKED, 'authenticate')
}

/**
 * The method decides what neither a rule nor a claim decided: it is given `{ user, claims }` and `{ action, channel }`, and answers
 * yes or no. A guard that refuses, and anything thrown, is no.
 */
export function OnAuthorize(): MethodDecorator {
  return SetMetadata<string, Asked>(ASKED, 'authorize')
}

/** The method answers calls of clients by this name: it is given a `CallRequest` and the data. A guard that refuses is `forbidden`. */
export function OnCall(name: string): MethodDecorator {
  return SetMetadata<string, Asked>(ASKED, `call ${name}`)
}
