// The application: Nest with a gateway, an API for who sends notifications, the operations page, and the page of users.

import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { builtPages } from '@staywire-examples/site/pages'
import { StaywireModule } from '@staywire/nestjs'
import { NotificationsController } from './notifications.controller.ts'
import { NotificationsGateway } from './notifications.gateway.ts'
import { OperationsPage } from './operations-page.ts'
import { CHECK_EVERY_MS, MISSED_AFTER_MS, OUT_AFTER, PORT } from './settings.ts'
import { userOf } from './user.ts'

@Module({
  imports: [
    StaywireModule.forGateway({
      user: userOf,
      heartbeat: { checkEveryMs: CHECK_EVERY_MS, missedAfterMs: MISSED_AFTER_MS, outAfter: OUT_AFTER },
    }),
  ],
  controllers: [NotificationsController],
  providers: [NotificationsGateway, OperationsPage],
})
class AppModule {}

/** Starts it, and says where it listens. */
export async function start(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] })
  app.enableShutdownHooks()
  const pages = await builtPages(fileURLToPath(new URL('..', import.meta.url)))
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (request.url?.startsWith('/api/') === true) next()
    else pages.answer(request, response)
  })
  await app.listen(PORT, '127.0.0.1')
  const { port } = app.getHttpServer().address() as AddressInfo
  console.log(`listening on http://127.0.0.1:${port}`)
}
