// @staywire/nestjs: Staywire in NestJS: a server of its own, or a Socket.IO gateway that is governed, with Nest's guards, its
// dependency injection and its lifecycle.

export { OnAuthenticate, OnAuthorize, OnCall } from './decorators.ts'
export { StaywireGateway, type GatewayOptions } from './gateway.ts'
export type { HealthResult } from './health.ts'
export { StaywireModule, type AsyncOptions } from './module.ts'
export { Staywire, type StaywireOptions } from './staywire.ts'
