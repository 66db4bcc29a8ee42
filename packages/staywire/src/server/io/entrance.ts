// What a request is looked at with before it is anybody's: where its page comes from, whose address it has, which token it
// brings. One for all transports of a server, so that none lets in what another does not.

import type { Approach } from '../connection/link.ts'
import type { ServerOptions } from '../options.ts'
import { ClientAddresses } from './client-address.ts'
import { Origins } from './origin.ts'
import { TokenSources } from './token-sources.ts'
import { approachOf, type Asked } from './upgrade.ts'

export class Entrance {
  readonly origins: Origins
  readonly addresses: ClientAddresses
  readonly #tokens: TokenSources

  /** Throws a `StaywireError` `bad-option` for options that cannot be used. */
  constructor(options: ServerOptions) {
    this.origins = new Origins(options.allowOrigins)
    this.addresses = new ClientAddresses(options)
    this.#tokens = new TokenSources(options)
  }

  /** With what somebody came. `vouched`: whether cookies count; by default where there is an Origin. */
  approach(request: Asked, subprotocol: string, vouched = request.headers.origin !== undefined): Approach {
    const reading = { subprotocol, tokens: this.#tokens, address: this.addresses.of(request), vouched }
    return approachOf(request, reading)
  }
}
