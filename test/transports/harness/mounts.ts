// Every way of putting a server into a host, as docs/mounting.md shows them: real frameworks, each with routes of its own and
// with the body parsers that its users have.

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import 'reflect-metadata'
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { getConnInfo } from '@hono/node-server/conninfo'
import { serve, type HttpBindings } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import type { Server } from 'staywire/server'

/** Puts a server into a host that listens on a free port. The host answers `POST /own` with what it was sent. */
export type Mount = (server: Server) => Promise<HttpServer>

const listening = (http: HttpServer): Promise<HttpServer> =>
  new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(http)))

function upgradesTo(server: Server): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    if (request.url?.split('?')[0] === '/realtime') server.handleUpgrade(request, socket, head)
    else socket.destroy()
  }
}

function nodeOwn(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/own') request.pipe(response)
  else response.writeHead(404).end()
}

function expressApp(): express.Express {
  const app = express()
  app.use(express.json())
  return app
}

function expressOwn(app: express.Express): void {
  app.post('/own', (request, response) => void response.json(request.body))
}

function fastifyApp() {
  const app = fastify()
  app.post('/own', (request) => request.body)
  return app
}

function honoApp(): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.post('/own', async (context) => context.json(await context.req.json()))
  return app
}

@Controller()
class NestOwn {
  @Post('own')
  @HttpCode(200)
  own(@Body() body: object): object {
    return body
  }
}

@Module({ controllers: [NestOwn] })
class NestApp {}

const onNode = (app: Hono<{ Bindings: HttpBindings }>): Promise<HttpServer> =>
  new Promise((resolve) => {
    const http = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(http as HttpServer))
  })

/** By name. */
export const MOUNTS: Readonly<Record<string, Mount>> = {
  'node:http, attached': async (server) => {
    const http = createHttpServer(nodeOwn)
    server.attach(http)
    return listening(http)
  },
  'node:http, routed by the host': async (server) => {
    const http = createHttpServer((request, response) => {
      if (!server.handleRequest(request, response)) nodeOwn(request, response)
    })
    http.on('upgrade', upgradesTo(server))
    return listening(http)
  },
  'Express, attached': async (server) => {
    const app = expressApp()
    expressOwn(app)
    const http = createHttpServer(app)
    server.attach(http)
    return listening(http)
  },
  'Express, a middleware behind express.json()': async (server) => {
    const app = expressApp()
    app.use((request, response, next) => {
      if (!server.handleRequest(request, response)) next()
    })
    expressOwn(app)
    const http = createHttpServer(app)
    http.on('upgrade', upgradesTo(server))
    return listening(http)
  },
  'Express, below app.use(path)': async (server) => {
    const app = expressApp()
    app.use('/realtime', (request, response, next) => {
      if (!server.handleRequest(request, response)) next()
    })
    expressOwn(app)
    const http = createHttpServer(app)
    http.on('upgrade', upgradesTo(server))
    return listening(http)
  },
  'Fastify, attached': async (server) => {
    const app = fastifyApp()
    server.attach(app.server)
    await app.listen({ port: 0, host: '127.0.0.1' })
    return app.server
  },
  'Fastify, a route with parsed bodies': async (server) => {
    const app = fastifyApp()
    app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    app.all('/realtime/*', (request, reply) => {
      reply.hijack()
      if (!server.handleRequest(request.raw, reply.raw, { body: request.body })) reply.raw.writeHead(404).end()
    })
    app.server.on('upgrade', upgradesTo(server))
    await app.listen({ port: 0, host: '127.0.0.1' })
    return app.server
  },
  'NestJS, attached': async (server) => {
    const app = await NestFactory.create(NestApp, { logger: false })
    const http = app.getHttpServer() as HttpServer
    server.attach(http)
    await app.listen(0, '127.0.0.1')
    return http
  },
  'Hono on Node, attached': async (server) => {
    const http = await onNode(honoApp())
    server.attach(http)
    return http
  },
  'Hono, by server.fetch': async (server) => {
    const app = honoApp()
    app.all('/realtime/*', (context) =>
      server.fetch(context.req.raw, { address: getConnInfo(context).remote.address ?? '' }),
    )
    return onNode(app)
  },
}

/** The mounts that have no way to an upgrade. */
export const WITHOUT_WEBSOCKET: ReadonlySet<string> = new Set(['Hono, by server.fetch'])

/** The port of a server that listens. */
export function portOf(http: HttpServer): number {
  return (http.address() as AddressInfo).port
}
