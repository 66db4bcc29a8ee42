// The Staywire server that a configuration asks for.

import type { Logger } from 'pino'
import { covers } from 'staywire/protocol'
import {
  createServer,
  StaywireError,
  type Broker,
  type ChannelOptions,
  type Observer,
  type Server,
} from 'staywire/server'
import type { Config } from '../config/schema.ts'
import { DEMO_CHANNELS } from '../demo/channels.ts'
import { Failure } from '../failure.ts'
import { createAuthenticate } from '../identity/authenticate.ts'
import type { KeySource } from '../identity/key-source.ts'
import { EventLog } from '../log/event-log.ts'

/** What a server is made of beside its configuration. */
export interface ServerParts {
  /** Verify tokens; without any there are none. */
  readonly keys: readonly KeySource[]
  /** Without it everything is kept in memory. */
  readonly store: Broker | undefined
  readonly logger: Logger
  /** Told about everything, beside the log. */
  readonly operations: Observer
}

/** The server. Throws a `Failure` for options that it refuses. */
export function embedServer(config: Config, { keys, store, logger, operations }: ServerParts): Server {
  const { jwtIssuer, jwtAudience, jwtClockToleranceMs, tokenCookie, tokenParameter } = config
  const { anonymous, heartbeat, limits, compression, allowOrigins, trustedProxies, forwardedHeader, node, path } =
    config
  try {
    return createServer({
      authenticate: createAuthenticate(keys, {
        issuer: jwtIssuer,
        audience: jwtAudience,
        clockToleranceMs: jwtClockToleranceMs,
      }),
      ...(tokenCookie !== undefined && { tokenCookie }),
      ...(tokenParameter !== undefined && { tokenParameter }),
      anonymous,
      channels: channelsOf(config),
      heartbeat,
      limits,
      compression,
      allowOrigins,
      trustedProxies,
      forwardedHeader,
      observer: both(operations, new EventLog(logger, Date.now)),
      ...(node !== undefined && { node }),
      peers: peersOf(config.peers, path),
      ...(store !== undefined && { store }),
    })
  } catch (error) {
    throw failureOf(error, 2)
  }
}

/** By name; where a URL has no path, it is that of this node. */
function peersOf(peers: Config['peers'], path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    peers.map((peer) => {
      const [name = '', url = ''] = peer.split(/=(.*)/s)
      return [name, new URL(url).pathname === '/' ? new URL(path, url).href : url]
    }),
  )
}

/** Two observers as one. */
function both(first: Observer, second: Observer): Observer {
  return {
    report(event) {
      first.report(event)
      second.report(event)
    },
  }
}

/** One line for what the library refused, after `what`; everything else stays what it is. */
export function failureOf(error: unknown, exitCode: 1 | 2, what = ''): unknown {
  if (!(error instanceof StaywireError)) return error
  return new Failure(what + [error.message, error.fix].filter(Boolean).join(' '), exitCode)
}

/** The rules in force: the configuration's own, then those of the demo's that it does not already speak for. */
export function channelsOf({
  channels,
  dev,
}: Pick<Config, 'channels' | 'dev'>): Readonly<Record<string, ChannelOptions>> {
  if (!dev) return channels
  const spokenFor = (pattern: string): boolean => Object.keys(channels).some((own) => covers(own, pattern))
  const added = Object.entries(DEMO_CHANNELS).filter(([pattern]) => !spokenFor(pattern))
  return { ...channels, ...Object.fromEntries(added) }
}
