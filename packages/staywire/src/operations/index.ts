// staywire/operations: what is made of a server's events: metrics, histories, findings, and an HTTP API for them. Wires the
// world into the pure parts; nothing happens at import.

import type { Observer } from '../server/observer/observer.ts'
import { routesOf } from './http/routes.ts'
import type { OperationsRoute } from './http/route.ts'
import { AdminFeed } from './feed/admin-feed.ts'
import { tellOperators, type OperatorsView } from './feed/tell-operators.ts'
import { makeHandler, type Authorize, type OperationsHandler } from './io/handler.ts'
import { processFacts, ProcessWatch } from './io/process-figures.ts'
import type { MetricRegistry } from './metrics/registry.ts'
import { OperationsCore, type OperationsSettings } from './operations.ts'
import type { ServerView } from './server-view.ts'

/** Options of `createOperations`. */
export interface OperationsOptions extends OperationsSettings {
  /** Who may use `handler`. Default: nobody. */
  readonly authorize?: Authorize
}

/** What can be seen of one server. */
export interface Operations {
  /** To be given to the server as its `observer`. */
  readonly observer: Observer
  /** Takes figures and lists from this server. To be called once, when it is made. */
  watch(server: ServerView): void
  /**
   * Publishes what changes on the channels of `ADMIN_CHANNELS` of another server, which must let in nobody but operators: about
   * once a second, and only where somebody is subscribed. What is too large for a publication is `null`: ask the API.
   */
  tell(operators: OperatorsView): void
  /** All metrics: the page for Prometheus is `metrics.text()`, one number `metrics.read('staywire_users')`. */
  readonly metrics: MetricRegistry
  /** The routes of the API, for hosts with a router of their own. */
  readonly routes: readonly OperationsRoute[]
  /** The API as a handler for Node's HTTP server. */
  readonly handler: OperationsHandler
  /** Ends its timer. */
  stop(): void
}

const TICK_MS = 1_000
const WINDOW_TICKS = 10

/**
 * Makes operations for one server.
 * @example
 * const operations = createOperations({ authorize: isAdmin })
 * const server = createServer({ observer: operations.observer })
 * operations.watch(server)
 * httpServer.on('request', (request, response) => void operations.handler(request, response))
 */
export function createOperations(options: OperationsOptions = {}): Operations {
  const watch = new ProcessWatch()
  const core = new OperationsCore(
    { now: () => Date.now(), figures: () => watch.figures(), facts: processFacts() },
    options,
  )
  const routes = routesOf(core)
  const feed = new AdminFeed(routes, () => core.changes)
  let ticks = 0
  const timer = setInterval(() => {
    if (++ticks % WINDOW_TICKS === 0) watch.turn()
    core.tick()
    if (core.operators !== undefined) void tellOperators(core.operators, feed, Date.now())
  }, TICK_MS).unref()
  return {
    observer: core,
    watch: (server) => core.watch(server),
    tell: (operators) => {
      core.operators = operators
    },
    metrics: core.registry,
    routes,
    handler: makeHandler(routes, options.authorize ?? (() => false)),
    stop: () => {
      clearInterval(timer)
      watch.stop()
    },
  }
}

export { DEFAULT_ALERT_RULES } from './alerts/default-rules.ts'
export { Webhook, type WebhookOptions } from './alerts/io/webhook.ts'
export type { Alert, AlertChange } from './alerts/alerts.ts'
export type { AlertRule, Measure, Severity } from './alerts/rule.ts'
export { ADMIN_CHANNELS } from './feed/admin-channels.ts'
export type { OperatorsView } from './feed/tell-operators.ts'
export { causeOf } from './history/closed-connections.ts'
export { bodySchema, openApi, type DescribedRoute } from './http/open-api.ts'
export { RouteError } from './http/route-error.ts'
export type { Fields } from './http/field.ts'
export type { OperationsRoute, RouteAnswer, RouteInput } from './http/route.ts'
export type { Schema } from './http/schema.ts'
export type { ServerView } from './server-view.ts'
