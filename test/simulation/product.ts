// The parts of the product that the simulation is made of, from their sources: most of them are nobody's business outside.

export type { Publication, Subscription } from '../../packages/staywire/src/client/api.ts'
export { Engine } from '../../packages/staywire/src/client/engine.ts'
export { Owner } from '../../packages/staywire/src/client/owner/owner.ts'
export type { StoredPublication } from '../../packages/staywire/src/protocol/codec.ts'
export { StaywireError } from '../../packages/staywire/src/protocol/error-code.ts'
export type { Position } from '../../packages/staywire/src/protocol/position.ts'
export type { Append, Appended, Broker, Recovery } from '../../packages/staywire/src/server/broker/broker.ts'
export { Deliveries } from '../../packages/staywire/src/server/broker/deliveries.ts'
export { DiskLog } from '../../packages/staywire/src/server/broker/embedded/disk-log.ts'
export { EmbeddedLog } from '../../packages/staywire/src/server/broker/embedded/embedded-log.ts'
export type {
  Batch,
  BatchResult,
  GroupResult,
  ReadReply,
  ReadRequest,
  StoreEvent,
} from '../../packages/staywire/src/server/broker/embedded/store-messages.ts'
export type { StorePort, WriteAnswer } from '../../packages/staywire/src/server/broker/embedded/store-port.ts'
export { TailCache } from '../../packages/staywire/src/server/broker/embedded/tail-cache.ts'
export { ChannelRows, type ChannelRow } from '../../packages/staywire/src/server/broker/memory/channel-rows.ts'
export { MemoryLeases } from '../../packages/staywire/src/server/broker/memory/memory-leases.ts'
export { limitsOf } from '../../packages/staywire/src/server/broker/memory/memory-limits.ts'
export { MemoryLog } from '../../packages/staywire/src/server/broker/memory/memory-log.ts'
export { MemoryMembers } from '../../packages/staywire/src/server/broker/memory/memory-members.ts'
export { MemorySignal } from '../../packages/staywire/src/server/broker/memory/memory-signal.ts'
export { RememberedKeys } from '../../packages/staywire/src/server/broker/memory/remembered-keys.ts'
export { keyScope, payloadText, publicationOf } from '../../packages/staywire/src/server/broker/publication.ts'
export { Connection } from '../../packages/staywire/src/server/connection/connection.ts'
export { Refusals } from '../../packages/staywire/src/server/connection/refusals.ts'
export { readPage, readRecovery, type Kept } from '../../packages/staywire/src/server/history/reading.ts'
export { Wheel } from '../../packages/staywire/src/server/heartbeat/wheel.ts'
export { Hub } from '../../packages/staywire/src/server/hub/hub.ts'
export type { ServerEvent } from '../../packages/staywire/src/server/observer/observer.ts'
export type { ServerOptions } from '../../packages/staywire/src/server/options.ts'
export { BROKER_CONTRACT, type Heard } from '../../packages/staywire/src/testing/broker-contract.ts'
export { seededRandom } from '../../packages/staywire/src/testing/seeded-random.ts'
export type { VirtualClient } from '../../packages/staywire/src/testing/virtual-client.ts'
export type { VirtualLink } from '../../packages/staywire/src/testing/virtual-link.ts'
export { VirtualTime, type Cancel } from '../../packages/staywire/src/testing/virtual-time.ts'
export { World } from '../../packages/staywire/src/testing/world.ts'
