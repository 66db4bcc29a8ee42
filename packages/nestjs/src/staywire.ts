// The server of an application, to be injected: attached before the application listens, drained before it stops.

import type { Server as HttpServer } from 'node:http'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import type { ExternalContextCreator, HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import { createOperations, type Operations, type OperationsOptions } from 'staywire/operations'
import { createServer, type Server, type ServerOptions } from 'staywire/server'
import { handlersOf } from './handlers.ts'
import type { HealthResult } from './health.ts'

/** Options of `StaywireModule.forRoot`: those of `createServer`, and where it is mounted. Methods that are marked win over functions here. */
export interface StaywireOptions extends Omit<ServerOptions, 'observer'> {
  /** Default `/realtime`. */
  readonly path?: string
  /** What can be seen of it, and who may: see docs/operations. Default: nobody. */
  readonly operations?: OperationsOptions
  /** Over how many milliseconds clients are sent away when the application stops. Default 0: at once. */
  readonly drainMs?: number
}

/** What it takes of Nest. */
export interface NestParts {
  readonly host: HttpAdapterHost
  readonly modules: ModulesContainer
  readonly contexts: ExternalContextCreator
}

/** The server, and what can be seen of it. */
export class Staywire implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly server: Server
  readonly operations: Operations
  readonly #options: StaywireOptions
  readonly #host: HttpAdapterHost
  #state: 'starting' | 'up' | 'failed' | 'stopping' = 'starting'

  /** @internal */
  constructor(options: StaywireOptions, { host, modules, contexts }: NestParts) {
    const { path: _path, operations: seen, drainMs: _drainMs, ...own } = options
    const handlers = handlersOf(modules, contexts)
    this.#options = options
    this.#host = host
    this.operations = createOperations(seen)
    const calls = { ...own.calls, ...handlers.calls }
    this.server = createServer({ ...own, ...handlers, calls, observer: this.operations.observer })
    this.operations.watch(this.server)
    this.server.ready.then(
      () => this.#turn('up'),
      () => this.#turn('failed'),
    )
  }

  /** A health indicator: down until the store is open, and from when the application stops. */
  async isHealthy(name = 'staywire'): Promise<HealthResult> {
    const { connections, users } = this.server.stats()
    const status = this.#state === 'up' ? 'up' : 'down'
    return { [name]: { status, ...(status === 'down' && { reason: this.#state }), connections, users } }
  }

  /** @internal Nest calls it before it listens. */
  onApplicationBootstrap(): void {
    const { path } = this.#options
    const http = this.#host.httpAdapter.getHttpServer() as HttpServer
    this.server.attach(http, path === undefined ? {} : { path })
  }

  /** @internal Nest calls it before it closes its HTTP server, which would wait for every connection. */
  async beforeApplicationShutdown(): Promise<void> {
    const { drainMs = 0 } = this.#options
    this.#state = 'stopping'
    await this.server.drain({ overMs: drainMs })
    await this.server.close()
    this.operations.stop()
  }

  #turn(state: 'up' | 'failed'): void {
    if (this.#state === 'starting') this.#state = state
  }
}
