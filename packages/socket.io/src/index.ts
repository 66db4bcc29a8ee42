// @staywire/socket.io: an existing Socket.IO server under the limits, the heartbeat and the eyes of Staywire, with its clients as
// they are.

export { govern, type GovernOptions } from './govern.ts'
export { Governed } from './governed.ts'
export type { AnyServer, SocketOf } from './any-server.ts'
export type {
  AdoptionHeartbeat,
  AdoptionLimits,
  Closing,
  ConnectionInfo,
  ConnectionStats,
  LimitPolicy,
  OriginLabel,
  UserConnection,
} from 'staywire/adopt'
