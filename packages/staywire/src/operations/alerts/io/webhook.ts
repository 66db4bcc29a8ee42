// Posts alerts to a URL: signed, one after another, tried again while the other side is down, and never more than it was asked to.
// Follows no redirect, and dials no address inside the network unless told that it may.
import { createHmac, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { StaywireError } from '../../../protocol/error-code.ts'
import type { AlertChange } from '../alerts.ts'
import { isPublic, publicLookup } from './public-address.ts'

/** Where alerts are posted, and how. */
export interface WebhookOptions {
  /** http or https. */
  readonly url: string
  /** Signs each post: the key of an HMAC-SHA-256, at least 16 characters. */
  readonly secret: string
  /** Whether it may lie inside the network: loopback, private and link-local addresses. Default false. */
  readonly allowPrivate?: boolean
  /** At most this many posts in a minute; what is above is dropped and counted. Default 30. */
  readonly perMinute?: number
  /** How long one try may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number
  /** Waits between tries, in milliseconds, each with up to as much again at random. Default 1 s, 5 s and 25 s. */
  readonly retryMs?: readonly number[]
  /** Told what could not be delivered, and why. */
  readonly onFailure?: (change: AlertChange, error: Error) => void
}

/** Changes that wait while another is being posted. */
const WAITING = 100
const MINUTE_MS = 60_000
const MIN_SECRET = 16

/** One receiver of alerts. */
export class Webhook {
  readonly #options: WebhookOptions
  readonly #url: URL
  readonly #waiting: AlertChange[] = []
  readonly #stop = new AbortController()
  #sending: Promise<void> | undefined
  /** When the latest posts began, oldest first. */
  readonly #begun: number[] = []
  #dropped = 0

  /** @throws StaywireError `bad-option` for a URL or a secret that cannot be used. */
  constructor(options: WebhookOptions) {
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new StaywireError('bad-option', `The webhook "${options.url}" is no http or https URL.`)
    }
    if (options.secret.length < MIN_SECRET) {
      throw new StaywireError('bad-option', `The secret of the webhook has fewer than ${MIN_SECRET} characters.`)
    }
    this.#options = options
    this.#url = url
  }

  /** How many changes were dropped because there were too many. */
  get dropped(): number {
    return this.#dropped
  }

  /** Posts a change after those before it. Returns at once. */
  send(change: AlertChange): void {
    if (this.#stop.signal.aborted || !this.#hasRoom()) {
      this.#dropped++
      return
    }
    this.#begun.push(Date.now())
    this.#waiting.push(change)
    this.#sending ??= this.#drain()
  }

  /** Resolves once everything was delivered or given up. */
  async settled(): Promise<void> {
    await this.#sending
  }

  /** Sends no more; what is on its way is abandoned. */
  close(): void {
    this.#waiting.length = 0
    this.#stop.abort()
  }

  #hasRoom(): boolean {
    const since = Date.now() - MINUTE_MS
    while ((this.#begun[0] ?? Infinity) < since) this.#begun.shift()
    return this.#begun.length < (this.#options.perMinute ?? 30) && this.#waiting.length < WAITING
  }

  async #drain(): Promise<void> {
    for (let change = this.#waiting.shift(); change; change = this.#waiting.shift()) {
      await this.#deliver(change).catch((error: Error) => {
        if (!this.#stop.signal.aborted) this.#options.onFailure?.(change, error)
      })
    }
    this.#sending = undefined
  }

  async #deliver(change: AlertChange): Promise<void> {
    const id = randomUUID()
    const body = JSON.stringify(change)
    const waits = this.#options.retryMs ?? [1_000, 5_000, 25_000]
    for (let tries = 0; ; tries++) {
      const status = await this.#post(id, body).catch((error: Error) => error)
      if (typeof status === 'number' && status >= 200 && status < 300) return
      const error = typeof status === 'number' ? new Error(`The webhook answered ${status}.`) : status
      const pause = waits[tries]
      if (pause === undefined || (typeof status === 'number' && !isTemporary(status))) throw error
      await wait(pause * (1 + Math.random()), undefined, { signal: this.#stop.signal, ref: false })
    }
  }

  /** One try: answers the status. Headers and signature as in Standard Webhooks 1.0 (standardwebhooks.com). */
  #post(id: string, body: string): Promise<number> {
    const { secret, allowPrivate = false, timeoutMs = 5_000 } = this.#options
    const url = this.#url
    // An address in the URL is dialled without a look-up.
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) {
      return Promise.reject(new Error(`${host} is not a public address`))
    }
    const timestamp = String(Math.floor(Date.now() / 1_000))
    const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    }
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)])
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers, signal, agent: false, ...(!allowPrivate && { lookup: publicLookup }) }
      const request = send(url, options, (response) => {
        response.destroy() // what it has to say besides is nobody's business
        resolve(response.statusCode ?? 0)
      })
      request.on('error', reject)
      request.end(body)
    })
  }
}

/** Whether a later try may succeed: RFC 9110, sections 15.5.9 and 15.6; RFC 6585, section 4. */
function isTemporary(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}
