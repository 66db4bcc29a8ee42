// What is attacked: a real gateway in a process of its own, without `__proto__`, with a bystander. And how one gets to it: raw
// bytes, and each of the three transports.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Conversation, Wire } from '../../conformance/harness/conversation.ts'
import { startGateway, USUAL, type Gateway } from '../../gateway/harness/gateway.ts'
import { PollPeer } from '../../transports/harness/poll-peer.ts'
import { SsePeer } from '../../transports/harness/sse-peer.ts'
import { Bystander } from './bystander.ts'
import { tokenOf } from './token.ts'

export const TRANSPORTS = ['websocket', 'sse', 'poll'] as const
export type Transport = (typeof TRANSPORTS)[number]

const open = { subscribe: true, publish: true }
const RULES = {
  'watch:*': { ...open, history: { size: 100, ttlMs: 60_000 } },
  'room:**': { ...open, presence: true },
  'live:**': open,
}
const MIB = 1024 * 1024

export class Target {
  readonly gateway: Gateway
  readonly bystander: Bystander

  constructor(gateway: Gateway, bystander: Bystander) {
    this.gateway = gateway
    this.bystander = bystander
  }

  /** Starts one. `flags` go to the gateway on top of the usual ones, `nodeOptions` to its Node. */
  static async start(flags: readonly string[] = [], nodeOptions = '--disable-proto=throw'): Promise<Target> {
    const gateway = await startGateway([...USUAL, '--channels', JSON.stringify(RULES), ...flags], {
      NODE_OPTIONS: nodeOptions,
    })
    return new Target(gateway, await Bystander.start(`${gateway.url}/realtime`, tokenOf('bystander')))
  }

  get port(): number {
    return this.gateway.port
  }

  /** A client without manners, over any transport; it has said nothing yet. */
  async dial(transport: Transport): Promise<Conversation> {
    if (transport === 'websocket') return this.gateway.open()
    return new (transport === 'sse' ? SsePeer : PollPeer)(`${this.gateway.url}/realtime`)
  }

  /** The same, connected. */
  async connect(transport: Transport, user: string, more: object = {}): Promise<Conversation & { connected: Wire }> {
    const peer = await this.dial(transport)
    peer.send({ type: 'connect', id: 1, token: tokenOf(user), ...more })
    return Object.assign(peer, { connected: await peer.take('connected') })
  }

  /** Where the gateway has its memory now, and the most it had since `forgetMost`, in MiB (proc(5)). */
  memory(): { readonly nowMiB: number; readonly mostMiB: number } {
    const status = readFileSync(`/proc/${this.gateway.pid}/status`, 'utf8')
    const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
    return { nowMiB: (kib('VmRSS') * 1024) / MIB, mostMiB: (kib('VmHWM') * 1024) / MIB }
  }

  /** From now on `memory().mostMiB` counts anew. */
  forgetMost(): void {
    writeFileSync(`/proc/${this.gateway.pid}/clear_refs`, '5')
  }

  /** How many files and sockets the gateway has open. */
  openFiles(): number {
    return readdirSync(`/proc/${this.gateway.pid}/fd`).length
  }

  /** The gateway lives, did nothing that it had not foreseen, and the bystander noticed nothing. */
  async expectUndisturbed(): Promise<void> {
    expect((await this.bystander.seen()).disturbances).toEqual([])
    expect((await this.gateway.api('GET', '/health/ready')).status).toBe(200)
    expect(this.gateway.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([])
  }

  async end(): Promise<void> {
    this.bystander.end()
    this.gateway.signal('SIGKILL')
    await this.gateway.ended
  }
}
