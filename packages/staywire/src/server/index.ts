// staywire/server: the connection layer to embed in a Node application. Wires the world into the pure parts; nothing happens at import.

import { randomBytes } from 'node:crypto'
import { StaywireError } from '../protocol/error-code.ts'
import { sha256 } from './broker/io/sha256.ts'
import { memoryBroker } from './broker/memory/memory-broker.ts'
import type { Server } from './io/api.ts'
import { steadyNow } from './io/clock.ts'
import { LiveServer } from './io/live-server.ts'
import { memoryShare } from './io/memory.ts'
import { createMint, sameSecret } from './io/mint.ts'
import type { ServerOptions } from './options.ts'

/**
 * Makes a server. Attach it to an HTTP server to let clients in.
 * Throws a `StaywireError` `bad-option` that names the first option which cannot be used.
 * @example const server = createServer({ authenticate }); server.attach(httpServer)
 */
export function createServer(options: ServerOptions = {}): Server {
  const wall = (): number => Date.now()
  const random = (): number => Math.random()
  return new LiveServer(options, {
    now: steadyNow,
    wall,
    soon: (action) => void setImmediate(action),
    after: (ms, action) => void setTimeout(action, ms).unref(),
    random,
    memory: memoryShare(steadyNow),
    mint: createMint(),
    sameSecret,
    broker: options.store ?? memoryBroker({ now: wall, random, digest: sha256 }),
    node: nodeName(options.node),
  })
}

function nodeName(name = `node-${randomBytes(4).toString('hex')}`): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(name)) return name
  throw new StaywireError('bad-option', `The node name ${JSON.stringify(name)} cannot be used.`, {
    fix: 'Use 1–64 letters, digits and -.',
  })
}

export { defineChannel, type ChannelDefinition, type ChannelName } from '../protocol/define-channel.ts'
export { StaywireError, type ErrorCode } from '../protocol/error-code.ts'
export type { Json, Member, OriginLabel } from '../protocol/frame.ts'
export type { Position } from '../protocol/position.ts'
export type { Schema } from '../protocol/schema.ts'
export type * from './broker/broker.ts'
export { embeddedStore, type EmbeddedStore, type EmbeddedStoreOptions } from './broker/embedded/io/embedded-store.ts'
export type { StoreEvent } from './broker/embedded/store-messages.ts'
export { memoryBroker, type MemoryBroker, type MemoryBrokerOptions } from './broker/memory/memory-broker.ts'
export type * from './io/api.ts'
export type { FrameType } from './observer/frame-trail.ts'
export type * from './observer/observer.ts'
export type * from './limit-options.ts'
export type * from './options.ts'
