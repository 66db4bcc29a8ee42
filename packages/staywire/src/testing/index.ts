// staywire/testing: contracts and worlds for who builds on Staywire. Nothing here is for production.

export { BROKER_CONTRACT, type BrokerCase, type BrokerWorld, type Heard } from './broker-contract.ts'
