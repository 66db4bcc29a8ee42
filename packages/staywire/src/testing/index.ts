// staywire/testing: contracts and worlds for who builds on Staywire. Nothing here is for production.

export { BROKER_CONTRACT, type BrokerCase, type BrokerWorld, type Heard } from './broker-contract.ts'
export { seededRandom, type Random } from './seeded-random.ts'
export { VirtualClient, type VirtualClientOptions } from './virtual-client.ts'
export { VirtualLink, type LinkEnd, type Side } from './virtual-link.ts'
export { VirtualServer, type VirtualServerOptions } from './virtual-server.ts'
export { VirtualTime, type Cancel } from './virtual-time.ts'
export { World, type Path, type WorldOptions } from './world.ts'
