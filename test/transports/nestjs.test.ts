// Real Nest applications with the module: a server of its own on every transport, and a governed Socket.IO gateway.

import 'reflect-metadata'
import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { SubscribeMessage, WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets'
import { OnAuthenticate, OnAuthorize, OnCall, Staywire, StaywireGateway, StaywireModule } from '@staywire/nestjs'
import type { Namespace } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { createClient } from 'staywire/client'
import type { AuthenticateRequest, CallRequest, Identity } from 'staywire/server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const DEADLINE = { timeout: 20_000 }
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const end of undo.splice(0).toReversed()) await end()
})

async function listening(app: INestApplication): Promise<string> {
  undo.push(() => app.close())
  await app.listen(0, '127.0.0.1')
  return app.getUrl()
}

@Injectable()
class Names {
  of(token: string | undefined): string | undefined {
    return token?.replace('token of ', '')
  }
}

/** A guard as gateways have them: it looks at the client and at what they want. */
@Injectable()
class NotEve implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getClient<{ user: string }>().user !== 'eve'
  }
}

@Injectable()
class Answers {
  private readonly names: Names
  constructor(names: Names) {
    this.names = names
  }

  @OnAuthenticate()
  who({ token }: AuthenticateRequest): Identity {
    const user = this.names.of(token)
    if (user === undefined || user === '') throw new UnauthorizedException()
    if (user === 'mallory') throw new ForbiddenException()
    return { user }
  }

  @OnAuthorize()
  @UseGuards(NotEve)
  may(_client: unknown, { channel }: { channel: string }): boolean {
    return channel.startsWith('news:')
  }

  @OnCall('greet')
  @UseGuards(NotEve)
  greet({ user }: CallRequest, data: unknown): string {
    return `${String(data)}, ${user}`
  }
}

@Controller()
class Own {
  @Get('own')
  answer(): { own: true } {
    return { own: true }
  }
}

@Module({
  imports: [StaywireModule.forRootAsync({ useFactory: () => ({ heartbeat: { intervalMs: 20_000 } }) })],
  controllers: [Own],
  providers: [Names, NotEve, Answers],
})
class App {}

const ADAPTERS = { Express: undefined, Fastify: FastifyAdapter } as const

describe.each(Object.entries(ADAPTERS))('on %s', (_, Adapter) => {
  it.each(['websocket', 'sse', 'poll'] as const)(
    'a server is there over %s, beside the routes of the application',
    async (transport) => {
      const app =
        Adapter === undefined
          ? await NestFactory.create(App, { logger: false })
          : await NestFactory.create(App, new Adapter(), { logger: false })
      const url = await listening(app)
      const { server } = app.get(Staywire)
      const client = createClient(`${url}/realtime`, {
        getToken: () => 'token of ada',
        transports: [transport],
        WebSocket,
      })
      undo.push(() => client.close())
      const heard: unknown[] = []
      const news = client.subscribe('news:1', ({ data }) => heard.push(data))
      await expect.poll(() => [client.status, news.state], DEADLINE).toEqual(['connected', 'live'])
      await server.publish('news:1', 'hello')
      await expect.poll(() => heard, DEADLINE).toEqual(['hello'])
      expect(await client.call('greet', 'Good day')).toBe('Good day, ada')
      expect(await (await fetch(`${url}/own`)).json()).toEqual({ own: true })
      expect((await server.connections.list()).map(({ user, transport: over }) => [user, over])).toEqual([
        ['ada', transport],
      ])
    },
  )
})

it('guards and exceptions of Nest decide who comes, reads and calls', async () => {
  const app = await NestFactory.create(App, { logger: false })
  const url = await listening(app)
  const clientOf = (token: string) => {
    const client = createClient(`${url}/realtime`, {
      getToken: () => token,
      WebSocket,
      transports: ['websocket'],
    })
    undo.push(() => client.close())
    return client
  }
  const eve = clientOf('token of eve')
  const secret = eve.subscribe('news:1')
  const errors: string[] = []
  secret.on('error', ({ code }) => errors.push(code))
  await expect.poll(() => errors, DEADLINE).toEqual(['forbidden'])
  await expect(eve.call('greet', 'Hi')).rejects.toMatchObject({ code: 'forbidden' })
  const codeOf = async (token: string) => {
    const client = clientOf(token)
    void client.connect().catch(() => undefined)
    await expect.poll(() => client.cause?.code, DEADLINE).toBeDefined()
    return client.cause?.code
  }
  expect(await codeOf('token of mallory')).toBe(4003)
  expect(await codeOf('token of ')).toBe(4002)
})

it('stopping the application drains the server first, and its health says so', async () => {
  const app = await NestFactory.create(App, { logger: false })
  const url = await listening(app)
  const staywire = app.get(Staywire)
  await expect
    .poll(() => staywire.isHealthy(), DEADLINE)
    .toEqual({ staywire: { status: 'up', connections: 0, users: 0 } })
  const client = createClient(`${url}/realtime`, { getToken: () => 'token of ada', WebSocket })
  undo.push(() => client.close())
  await client.connect()
  await expect.poll(() => staywire.server.stats().connections, DEADLINE).toBe(1)
  await app.close()
  expect(await staywire.isHealthy('live')).toEqual({
    live: { status: 'down', reason: 'stopping', connections: 0, users: 0 },
  })
  await expect.poll(() => client.cause?.code, DEADLINE).toBeDefined()
})

@WebSocketGateway({ namespace: '/notifications' })
class Notifications implements OnGatewayInit<Namespace> {
  private readonly staywire: StaywireGateway
  constructor(staywire: StaywireGateway) {
    this.staywire = staywire
  }

  afterInit(namespace: Namespace): void {
    this.staywire.govern(namespace)
  }

  @SubscribeMessage('echo')
  echo(_client: unknown, data: unknown): { event: string; data: unknown } {
    return { event: 'echoed', data }
  }
}

@Module({
  imports: [
    StaywireModule.forGateway({
      user: ({ handshake }) => handshake.query['userId'] as string | undefined,
      limits: { connectionsPerUser: 2 },
    }),
  ],
  providers: [Notifications],
})
class GatewayApp {}

it('a Socket.IO gateway is governed, and works as before', async () => {
  const app = await NestFactory.create(GatewayApp, { logger: false })
  app.useWebSocketAdapter(new IoAdapter(app))
  const url = await listening(app)
  const gateway = app.get(StaywireGateway)
  const socket = connect(`${url}/notifications`, { query: { userId: 'ada' }, forceNew: true })
  undo.push(() => socket.disconnect())
  const echoed: unknown[] = []
  socket.on('echoed', (data: unknown) => echoed.push(data))
  socket.emit('echo', 'hello')
  await expect.poll(() => echoed, DEADLINE).toEqual(['hello'])
  const nobody = connect(`${url}/notifications`, { forceNew: true })
  undo.push(() => nobody.disconnect())
  const refused: unknown[] = []
  nobody.on('connect_error', (error) => refused.push((error as Error & { data?: unknown }).data))
  await expect.poll(() => refused, DEADLINE).toEqual([{ code: 4001, reason: 'token missing' }])
  expect(gateway.governed.getUserConnections('ada')).toMatchObject([{ socketId: socket.id, missedPings: 0 }])
  expect(await gateway.isHealthy()).toEqual({ staywire: { status: 'up', connections: 1, users: 1 } })
  expect(await gateway.governed.user('ada').close()).toBe(1)
  await expect.poll(() => socket.connected, DEADLINE).toBe(false)
})
