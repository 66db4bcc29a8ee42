// A Socket.IO gateway under limits, heartbeat and operations: its own methods and its clients stay as they are.

import type { OnApplicationShutdown } from '@nestjs/common'
import { govern, type Governed, type GovernOptions } from '@staywire/socket.io'
import type { Namespace, Server } from 'socket.io'
import { createOperations, type Operations, type OperationsOptions } from 'staywire/operations'
import { StaywireError } from 'staywire/server'
import type { HealthResult } from './health.ts'

/** Options of `StaywireModule.forGateway`: those of `govern`. */
export interface GatewayOptions extends Omit<GovernOptions, 'observer'> {
  /** What can be seen of it, and who may: see docs/operations. Default: nobody. */
  readonly operations?: OperationsOptions
}

/**
 * Governs the Socket.IO server of gateways.
 * @example afterInit(server: Namespace) { this.staywire.govern(server) }
 */
export class StaywireGateway implements OnApplicationShutdown {
  readonly operations: Operations
  readonly #options: GatewayOptions
  #governed: { readonly io: Server; readonly governed: Governed } | undefined

  /** @internal */
  constructor(options: GatewayOptions) {
    this.#options = options
    this.operations = createOperations(options.operations)
  }

  /** To be called by a gateway's `afterInit` with what it was given. Several gateways of one server are governed once. */
  govern(given: Server | Namespace): Governed {
    const io = 'server' in given ? given.server : given
    if (this.#governed !== undefined && this.#governed.io === io) return this.#governed.governed
    if (this.#governed !== undefined)
      throw new StaywireError('bad-option', 'There are gateways on two servers of Socket.IO.', {
        fix: 'Give gateways the same port, or govern the second server by `govern` of @staywire/socket.io.',
      })
    const { operations: _operations, ...options } = this.#options
    const governed = govern(io, { ...options, observer: this.operations.observer })
    this.operations.watch(governed)
    this.#governed = { io, governed }
    return governed
  }

  /** What is governed. Throws a `StaywireError` `closed` before a gateway has called `govern`. */
  get governed(): Governed {
    if (this.#governed !== undefined) return this.#governed.governed
    throw new StaywireError('closed', 'No gateway is governed yet.', {
      fix: 'Call `govern` in `afterInit` of the gateway.',
    })
  }

  /** A health indicator: down before a gateway is governed. */
  async isHealthy(name = 'staywire'): Promise<HealthResult> {
    const stats = this.#governed?.governed.stats()
    if (stats === undefined) return { [name]: { status: 'down', reason: 'starting' } }
    const { connections, users } = stats
    return { [name]: { status: 'up', connections, users } }
  }

  /** @internal */
  onApplicationShutdown(): void {
    this.#governed?.governed.stop()
    this.operations.stop()
  }
}
