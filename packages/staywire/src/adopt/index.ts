// staywire/adopt: a server of another make under the limits, the heartbeat and the eyes of this library, with its clients as they
// are. Wires the world into the pure parts; nothing happens at import.

export { CLOSE, closeCode } from '../protocol/close-code.ts'
export type { OriginLabel } from '../protocol/frame.ts'
export type { ConnectionInfo, ConnectionStats, ServerStats, UserConnection } from '../server/io/api.ts'
export type { LimitPolicy } from '../server/limit-options.ts'
export type { Observer, ServerEvent, TransportName } from '../server/observer/observer.ts'
export { ClientAddresses } from '../server/io/client-address.ts'
export { Adoption, type Refusal } from './adoption.ts'
export { AdoptedConnection, type AdoptedLink, type Candidate, type Ending } from './connection.ts'
export { adopt, AdoptedWebSockets, type AdoptOptions } from './io/adopted-web-sockets.ts'
export { LiveAdoption, type CheckFigures, type LiveOptions } from './io/live-adoption.ts'
export type { AdoptionHeartbeat, AdoptionLimits, AdoptionOptions } from './options.ts'
export type { Closing } from './view.ts'
