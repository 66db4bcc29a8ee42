// Where alerts go: into the log, and to a webhook where one is configured.
import type { Logger } from 'pino'
import { Webhook, type AlertChange } from 'staywire/operations'
import type { Config } from '../config/schema.ts'

const LEVELS = { INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** The receivers of alerts. */
export class AlertSinks {
  readonly #logger: Logger
  readonly #webhook: Webhook | undefined

  constructor({ alerts: { webhookUrl: url, webhookSecret: secret, webhookPrivate } }: Config, logger: Logger) {
    this.#logger = logger
    if (url === undefined || secret === undefined) return
    this.#webhook = new Webhook({
      url,
      secret,
      allowPrivate: webhookPrivate,
      onFailure: ({ alert: { rule } }, error) => logger.warn({ rule, cause: error.message }, 'alert not posted'),
    })
  }

  send(change: AlertChange): void {
    const { rule, severity, summary, value, bound, since } = change.alert
    const level = change.type === 'began' ? LEVELS[severity] : 'info'
    this.#logger[level]({ rule, severity, value, bound, since, summary }, `alert ${change.type}`)
    this.#webhook?.send(change)
  }

  close(): void {
    this.#webhook?.close()
  }
}
