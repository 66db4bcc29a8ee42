// The HTTP transports: event streams, polls, and the bodies that carry what such clients send. It decides who may try, reads what
// they bring, and finds the connection that is meant; everything else is the connection's.

import { SUBPROTOCOL } from '../../../protocol/frame.ts'
import { LIMITS } from '../../../protocol/limits.ts'
import { parseObject } from '../../../protocol/wire-text.ts'
import type { Approach } from '../../connection/link.ts'
import type { Node } from '../../node/node.ts'
import type { ServerOptions } from '../../options.ts'
import { readLastEventId } from '../../outbox/last-event-id.ts'
import type { Entrance } from '../entrance.ts'
import { channelsOf, isWellFormed, pathOf } from '../upgrade.ts'
import { answerJson, refuse, type HttpRefusal } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { BodyBudget } from './body-budget.ts'
import type { HttpLink } from './http-link.ts'
import { Peers } from './peers.ts'
import { PollLink } from './poll-link.ts'
import type { Body } from './request-body.ts'
import { SseLink, StreamTicks } from './sse-link.ts'

type Parsed = Readonly<Record<string, unknown>>

const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/sse': ['GET', 'POST'],
  '/poll': ['POST'],
  '/frames': ['POST'],
}

/** How long a browser may remember what a preflight allowed. */
const PREFLIGHT_SECONDS = 600

/** Accepts streams and polls for a node. */
export class HttpTransport {
  readonly #node: Node
  readonly #entrance: Entrance
  readonly #ticks = new StreamTicks()
  readonly #bodies = new BodyBudget()
  readonly #peers: Peers
  readonly #links = new Set<HttpLink>()
  readonly #byConnection = new Map<string, HttpLink>()
  readonly #gone = (link: HttpLink): void => this.#forget(link)
  readonly #empty: (() => void)[] = []
  /** While set, nobody new is let in. */
  draining = false

  /** Throws a `StaywireError` `bad-option` for peers that cannot be. */
  constructor(node: Node, entrance: Entrance, options: ServerOptions) {
    this.#node = node
    this.#entrance = entrance
    // A poll and a body for each connection that the peer may have: all nodes are taken to be alike.
    this.#peers = new Peers(options, 2 * node.settings.limits.connections, (forwarding) =>
      node.reporting.report({ type: 'forwarded', ...forwarding }),
    )
  }

  /** Answers what is below `path`; says whether the request was its own. */
  handle(exchange: Exchange, path: string): boolean {
    const target = pathOf(exchange.request)
    if (!target.startsWith(`${path === '/' ? '' : path}/`)) return false
    const below = target.slice(path === '/' ? 0 : path.length)
    const methods = METHODS[below]
    if (methods === undefined || !Object.hasOwn(METHODS, below)) return false
    this.#answer(exchange, below, methods)
    return true
  }

  /** How many streams and polling clients there are. */
  get size(): number {
    return this.#links.size
  }

  /** Lets go of what it holds besides connections. */
  close(): void {
    this.#peers.close()
  }

  /** Resolves when no stream and no polling client is left. */
  async empty(): Promise<void> {
    if (this.#links.size > 0) await new Promise<void>((resolve) => this.#empty.push(resolve))
  }

  #answer(exchange: Exchange, below: string, methods: readonly string[]): void {
    const { method = '', headers } = exchange.request
    exchange.setHeader('Vary', 'Origin')
    if (!this.#entrance.origins.allows(headers)) {
      return this.#refuse(exchange, { status: 403, code: 'forbidden', message: 'This origin may not come.' })
    }
    if (headers.origin !== undefined) {
      exchange.setHeader('Access-Control-Allow-Origin', headers.origin)
      exchange.setHeader('Access-Control-Allow-Credentials', 'true')
      exchange.setHeader('Access-Control-Expose-Headers', 'Retry-After')
    }
    if (method === 'OPTIONS') return preflight(exchange, methods)
    if (!methods.includes(method)) return exchange.answer(405, { Allow: [...methods, 'OPTIONS'].join(', ') })
    if (!isWellFormed(exchange.request))
      return this.#refuse(exchange, { status: 400, code: 'bad-frame', message: 'The URL cannot be read.' })
    if (method === 'GET') this.#listen(exchange)
    else void this.#post(exchange, below)
  }

  /** A client that only listens: everything it wants is in its URL and headers. PROTOCOL.md, SSE-6 to SSE-9. */
  #listen(exchange: Exchange): void {
    const { request } = exchange
    if (this.draining) return this.#turnAwayDraining(exchange)
    const channels = [...new Set(channelsOf(request.url ?? ''))]
    if (channels.length > LIMITS.lastEventIdChannels.value) {
      const message = `A bare stream may have ${LIMITS.lastEventIdChannels.value} channels.`
      return this.#refuse(exchange, { status: 400, code: 'too-many-subscriptions', message })
    }
    const { origin, 'last-event-id': last, 'sec-fetch-site': site } = request.headers
    const positions = typeof last === 'string' ? readLastEventId(last) : []
    const bare = { channels, positions, oneWay: true }
    // Browsers send no Origin along with GET to one's own; a page cannot make this header up.
    const vouched = origin !== undefined || site === 'same-origin'
    const approach = this.#entrance.approach(request, '', vouched)
    this.#open(new SseLink(exchange, this.#ticks, this.#node, this.#gone, bare), () => ({ ...approach, bare }))
  }

  async #post(exchange: Exchange, below: string): Promise<void> {
    const { limits } = this.#node.settings
    const bytes = below === '/frames' ? limits.hardFrameBytes : LIMITS.connectFrameBytes.value
    const body = await exchange.body({ bytes, withinMs: limits.connectTimeoutMs, budget: this.#bodies })
    if (body === undefined || exchange.over) return
    if ('refusal' in body) return this.#refuse(exchange, body.refusal)
    const parsed = parseObject(body.text)
    if (below === '/sse' || (below === '/poll' && parsed?.['session'] === undefined) || parsed?.['type'] === 'connect')
      return this.#connect(exchange, below, body)
    const link = parsed === undefined ? undefined : this.#find(parsed)
    if (parsed === undefined) refuse(exchange, badBody('The body is not a JSON object.'))
    else if (link === undefined) this.#elsewhere(exchange, below, { session: parsed['session'], body })
    else if (below === '/poll') poll(link, exchange, parsed)
    else await post(link, exchange, parsed)
  }

  /** For a connection of another node, or of none. PROTOCOL.md, POST-12. */
  #elsewhere(exchange: Exchange, below: string, { session, body }: { session: unknown; body: Body }): void {
    const peer = this.#peers.of(session, exchange)
    if (peer !== undefined) return peer.forward(exchange, below, body.text)
    refuse(exchange, { status: 410, code: 'closed', message: 'There is no such connection, or not any more.' })
  }

  #connect(exchange: Exchange, below: string, body: Body): void {
    if (below === '/frames') return refuse(exchange, badBody('A connection begins at sse or poll.'))
    if (this.draining) return this.#turnAwayDraining(exchange)
    const link =
      below === '/sse'
        ? new SseLink(exchange, this.#ticks, this.#node, this.#gone)
        : new PollLink(exchange, this.#node, this.#gone)
    const { request } = exchange
    this.#open(link, () => this.#entrance.approach(request, SUBPROTOCOL), body)
  }

  #open(link: HttpLink, approach: () => Approach, first?: Body): void {
    this.#links.add(link)
    link.open(approach(), first)
    if (link.connection !== undefined && this.#links.has(link)) this.#byConnection.set(link.connection.id, link)
  }

  /** The link whose session these credentials are. PROTOCOL.md, POST-3. */
  #find({ connection, session, secret }: Parsed): HttpLink | undefined {
    const link = typeof connection === 'string' ? this.#byConnection.get(connection) : undefined
    const held = link?.connection?.session
    if (held === undefined || typeof secret !== 'string' || session !== held.id) return undefined
    return this.#node.world.sameSecret(held.secret, secret) ? link : undefined
  }

  #forget(link: HttpLink): void {
    this.#links.delete(link)
    if (link.connection !== undefined) this.#byConnection.delete(link.connection.id)
    if (this.#links.size === 0) for (const resolve of this.#empty.splice(0)) resolve()
  }

  #turnAwayDraining(exchange: Exchange): void {
    this.#refuse(exchange, { status: 503, code: 'closed', message: 'The node is draining.' })
  }

  #refuse(exchange: Exchange, refusal: HttpRefusal): void {
    const address = this.#entrance.addresses.of(exchange.request)
    this.#node.reporting.report({ type: 'refused', status: refusal.status, cause: refusal.code, address })
    refuse(exchange, refusal)
  }
}

function poll(link: HttpLink, exchange: Exchange, { ack }: Parsed): void {
  if (!(link instanceof PollLink)) refuse(exchange, badBody('The connection is not a polling one.'))
  else if (!isCount(ack)) refuse(exchange, badBody('"ack" must be the number of the last batch.'))
  else link.poll(exchange, ack)
}

async function post(link: HttpLink, exchange: Exchange, { seq, frames }: Parsed): Promise<void> {
  if (!isCount(seq) || seq === 0) return refuse(exchange, badBody('"seq" must be an integer from 1.'))
  if (!Array.isArray(frames)) return refuse(exchange, badBody('"frames" must be an array.'))
  link.heard()
  const posted = await link.upstream.post(seq, frames)
  if (posted === 'closed')
    return refuse(exchange, { status: 410, code: 'closed', message: 'The connection ended before all was read.' })
  if (posted === 'early') {
    const message = `The next body is ${link.upstream.next}, once the one before it is answered.`
    return refuse(exchange, { status: 409, code: 'bad-frame', message })
  }
  answerJson(exchange, 200, `{"seq":${seq}}`)
}

function preflight(exchange: Exchange, methods: readonly string[]): void {
  exchange.answer(204, {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'authorization, content-type, last-event-id',
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  })
}

function badBody(message: string): HttpRefusal {
  return { status: 400, code: 'bad-frame', message }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
