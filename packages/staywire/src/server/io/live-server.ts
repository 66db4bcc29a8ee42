// The public object behind `createServer`: hands every call to the part that does it. It decides nothing itself.

import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { isChannelName, userChannel } from '../../protocol/channel-name.ts'
import { CLOSE } from '../../protocol/close-code.ts'
import type { StoredPublication } from '../../protocol/codec.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Json, Member } from '../../protocol/frame.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Position } from '../../protocol/position.ts'
import type { ChannelInfo } from '../hub/hub.ts'
import { Node } from '../node/node.ts'
import { revoke } from '../node/revoke.ts'
import type { World } from '../node/world.ts'
import { connectionStats, userConnection } from '../observer/connection-stats.ts'
import type { ServerOptions } from '../options.ts'
import type {
  Ban,
  ConnectionStats,
  FetchOptions,
  HistoryItem,
  PublishOptions,
  PublishResult,
  RequestOptions,
  RevokeTarget,
  Server,
  ServerEvents,
  ServerStats,
  UserConnection,
  UserHandle,
} from './api.ts'
import { attach } from './attachment.ts'
import { Ticker } from './clock.ts'
import { Entrance } from './entrance.ts'
import type { Exchange } from './http/exchange.ts'
import { FetchExchange } from './http/fetch-exchange.ts'
import { answerWorkerScript } from './http/worker-script.ts'
import { HttpTransport } from './http/http-transport.ts'
import { NodeExchange } from './http/node-exchange.ts'
import { farewell, HostConnections } from './host-connections.ts'
import { Listeners } from './listeners.ts'
import { answerHealth } from './http.ts'
import { statsOf } from './stats.ts'
import { revocationOf } from './revoking.ts'
import { WebSocketTransport } from './websocket.ts'

const DEFAULT_PATH = '/realtime'
/** The address of peers whose host does not tell it: no proxy that anybody would trust, and one network for the limits. */
const UNKNOWN = 'unknown'

/** A server. */
export class LiveServer implements Server {
  readonly node: string
  readonly ready: Promise<void>
  readonly connections: Server['connections']
  readonly #node: Node
  readonly #connections: HostConnections
  readonly #entrance: Entrance
  readonly #websocket: WebSocketTransport
  readonly #http: HttpTransport
  readonly #ticker: Ticker
  readonly #listeners = new Listeners()
  readonly #detach: (() => void)[] = []
  readonly #paths: string[] = []
  readonly #startedAt: number
  #closed: Promise<void> | undefined

  constructor(options: ServerOptions, world: World) {
    this.node = world.node
    this.#startedAt = Math.round(world.wall())
    this.#entrance = new Entrance(options)
    this.#node = new Node(options, world, this.#listeners)
    this.ready = this.#node.ready
    // Rejections reach whoever awaits `ready`, and every question that needs the store.
    this.ready.catch(() => undefined)
    this.#websocket = new WebSocketTransport(this.#node, this.#entrance)
    this.#http = new HttpTransport(this.#node, this.#entrance, options)
    this.#ticker = new Ticker(this.#node.settings.tickMs, () => this.#node.tick())
    const own = (this.#connections = new HostConnections(this.#node))
    this.connections = {
      list: async (filter) => own.list(filter),
      get: async (id) => own.get(id),
      close: async (id, close) => own.close(id, close),
      closeAll: async (spread) => own.closeAll(spread),
    }
  }

  attach(httpServer: HttpServer, { path = DEFAULT_PATH }: { path?: string } = {}): void {
    const trimmed = usablePath(path)
    this.#paths.push(trimmed)
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
      this.handleUpgrade(request, socket, head)
    this.#detach.push(
      attach(httpServer, {
        path: trimmed,
        upgrade,
        request: (request, response) => this.handleRequest(request, response),
        strange: (cause, address) => this.#node.reporting.report({ type: 'refused', status: 0, cause, address }),
      }),
    )
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#websocket.handleUpgrade(request, socket, head)
  }

  handleRequest(request: IncomingMessage, response: ServerResponse, { path, body }: RequestOptions = {}): boolean {
    return this.#handle(new NodeExchange(request, response, body), path)
  }

  fetch(request: Request, { path, address = UNKNOWN }: FetchOptions = {}): Promise<Response> {
    const exchange = new FetchExchange(request, address)
    return this.#handle(exchange, path) ? exchange.answered : Promise.resolve(new Response(null, { status: 404 }))
  }

  publish(channel: string, data: unknown, options?: PublishOptions): Promise<PublishResult> {
    return this.#node.publisher.publish(channel, data, options)
  }

  publishMany(
    items: readonly ({ readonly channel: string; readonly data: unknown } & PublishOptions)[],
  ): Promise<PromiseSettledResult<PublishResult>[]> {
    return Promise.allSettled(items.map(({ channel, data, ...options }) => this.publish(channel, data, options)))
  }

  user(id: string): UserHandle {
    return {
      publish: async (data, options) => this.publish(channelOf(id), data, options),
      close: async (options) => this.#connections.closeUser(id, options),
      ban: async ({ forMs } = {}) => this.#connections.ban(id, forMs),
      unban: () => this.#node.bans.lift(id, this.#node.world.now()),
    }
  }

  async presence(channel: string): Promise<{ members: Member[]; count: number }> {
    refuseName(channel)
    if (!this.#node.rules.of(channel).presence)
      throw new StaywireError('no-presence', `The channel ${channel} does not keep presence.`, {
        fix: 'Give its rule `presence: true`.',
      })
    const { presence } = this.#node
    await presence.load(channel)
    const { members, memberCount } = presence.look(channel)
    return { members: [...members], count: memberCount }
  }

  async history(
    channel: string,
    page: { before?: number; after?: number; limit?: number } = {},
  ): Promise<{ publications: HistoryItem[]; position: Position }> {
    refuseName(channel)
    if (this.#node.rules.of(channel).retention.history === undefined)
      throw new StaywireError('no-history', `The channel ${channel} is ephemeral: it keeps no history.`)
    await this.ready
    const limit = Math.min(page.limit ?? LIMITS.historyPage.value, LIMITS.historyPage.value)
    const { publications, position } = await this.#node.broker.log.history(channel, { ...page, limit })
    return { publications: publications.map(itemOf), position }
  }

  channels(): ChannelInfo[] {
    return [...this.#node.hub.channels()]
  }

  stats(): ServerStats {
    return statsOf(this.#node, {
      startedAt: this.#startedAt,
      links: this.#websocket.size + this.#http.size,
      listeners: this.#listeners.size,
      compression: this.#websocket.compression,
    })
  }

  getConnectionStats(): ConnectionStats {
    return connectionStats(this.#connections.list(), this.#node.world.now())
  }

  getUserConnections(userId: string): UserConnection[] {
    return this.#connections.list({ user: userId }).map(userConnection)
  }

  async revoke(what: RevokeTarget, options: { until?: number } = {}): Promise<number> {
    const revocation = revocationOf(what, options, this.#node.world.wall())
    const connections = revoke(this.#node, revocation)
    this.#node.reporting.report({ type: 'revoked', kind: revocation.kind, connections })
    await this.#node.broker.signal.send({ type: 'revoke', revocation })
    return connections
  }

  bans(): Ban[] {
    return this.#node.bans.list(this.#node.world.now())
  }

  on<Name extends keyof ServerEvents>(event: Name, listener: ServerEvents[Name]): () => void {
    return this.#listeners.on(event, listener)
  }

  async drain({ overMs = 0, retryAfterMs }: { overMs?: number; retryAfterMs?: number } = {}): Promise<void> {
    this.#websocket.draining = this.#http.draining = true
    const { code } = CLOSE.shuttingDown
    this.#node.closeOver([...this.#node.registry.all()], farewell(code, retryAfterMs), overMs)
    await Promise.all([this.#websocket.empty(), this.#http.empty()])
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#shutDown())
  }

  async #shutDown(): Promise<void> {
    for (const detach of this.#detach.splice(0)) detach()
    await this.drain()
    this.#ticker.stop()
    this.#http.close()
    await this.ready.then(
      () => this.#node.broker.close(),
      () => undefined,
    )
  }

  #handle(exchange: Exchange, own: string | undefined): boolean {
    const attached = this.#paths.length === 0 ? [DEFAULT_PATH] : this.#paths
    return (own === undefined ? attached : [usablePath(own)]).some(
      (path) =>
        this.#http.handle(exchange, path) ||
        answerWorkerScript(exchange, path) ||
        answerHealth(exchange, path, this.#entrance.origins, !this.#websocket.draining),
    )
  }
}

/** Without a slash at its end. */
function usablePath(path: string): string {
  if (path.startsWith('/') && !path.includes('?')) return path.length > 1 ? path.replace(/\/+$/, '') : path
  throw new StaywireError('bad-option', `The path ${JSON.stringify(path)} cannot be used.`, {
    fix: `Use a path like ${DEFAULT_PATH}.`,
  })
}

function refuseName(channel: string): void {
  if (!isChannelName(channel))
    throw new StaywireError('bad-channel', `${JSON.stringify(String(channel).slice(0, 200))} is not a channel name.`)
}

function channelOf(user: string): string {
  try {
    return userChannel(user)
  } catch (error) {
    throw new StaywireError('bad-channel', (error as RangeError).message, { cause: error })
  }
}

function itemOf({ offset, data, at, from, key, meta }: StoredPublication): HistoryItem {
  return {
    offset,
    data: JSON.parse(data) as Json,
    at,
    ...(from !== undefined && { from }),
    ...(key !== undefined && { key }),
    ...(meta !== undefined && { meta: JSON.parse(meta) as { [key: string]: Json } }),
  }
}
