// The application: Nest with a gateway, an API for who sends notifications, the operations API, and the page.

import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { fromThisMachine } from '@staywire-examples/site'
import { builtPages } from '@staywire-examples/site/pages'
import { StaywireGateway, StaywireModule } from '@staywire/nestjs'
import { NotificationsController } from './notifications.controller.ts'
import { NotificationsGateway } from './notifications.gateway.ts'
import { CHECK_EVERY_MS, MISSED_AFTER_MS, OUT_AFTER, PORT } from './settings.ts'
import { userOf } from './user.ts'

@Module({
  imports: [
    StaywireModule.forGateway({
      user: userOf,
      heartbeat: { checkEveryMs: CHECK_EVERY_MS, missedAfterMs: MISSED_AFTER_MS, outAfter: OUT_AFTER },
      // Findings, metrics and the rest of the operations API, for this machine alone.
      operations: { authorize: fromThisMachine },
    }),
  ],
  controllers: [NotificationsController],
  providers: [NotificationsGateway],
})
class AppModule {}

/** Starts it, and says where it listens. */
export async function start(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] })
  app.enableShutdownHooks()
  const { operations } = app.get(StaywireGateway)
  const pages = await builtPages(fileURLToPath(new URL('..', import.meta.url)))
  const answer = async (request: Asked[0], response: Asked[1], next: () => void): Promise<void> => {
    if (await operations.handler(request, response)) return
    if (request.url?.startsWith('/api/') === true) next()
    else pages.answer(request, response)
  }
  app.use((...asked: [...Asked, () => void]) => void answer(...asked))
  await app.listen(PORT, '127.0.0.1')
  const { port } = app.getHttpServer().address() as AddressInfo
  console.log(`listening on http://127.0.0.1:${port}`)
}

type Asked = Parameters<StaywireGateway['operations']['handler']>
