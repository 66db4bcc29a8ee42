// The operations page at `/dashboard`, and the API below it, as long as the application runs. For this machine alone: give it a key
// where it is to be reached from elsewhere.

import type { Server } from 'node:http'
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { serveOperations } from '@staywire/gateway/operations'
import { StaywireGateway } from '@staywire/nestjs'

@Injectable()
export class OperationsPage implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly host: HttpAdapterHost
  private readonly staywire: StaywireGateway
  private stop = async (): Promise<void> => {}

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost, @Inject(StaywireGateway) staywire: StaywireGateway) {
    this.host = host
    this.staywire = staywire
  }

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server
    this.stop = serveOperations(http, this.staywire.operations, { dev: true })
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop()
  }
}
