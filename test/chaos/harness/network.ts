// Two hosts of our own with a cable between them: network namespaces, joined by a pair of virtual interfaces. A cut cable drops
// packets both ways and tells nobody. Needs root; where that is missing `canNetwork` says so.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'

/** Address of the server's end. */
export const SERVER_ADDRESS = '10.213.0.1'
const CLIENT_ADDRESS = '10.213.0.2'
const CABLE = 'cable'

export type Host = 'server' | 'client'

export class Network {
  readonly #names: Readonly<Record<Host, string>>

  constructor() {
    const unique = `${process.pid}-${Date.now() % 100_000}`
    this.#names = { server: `sw-s-${unique}`, client: `sw-c-${unique}` }
    const { server, client } = this.#names
    for (const name of [server, client]) {
      ip('netns', 'add', name)
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    ip('-n', server, 'link', 'add', CABLE, 'type', 'veth', 'peer', 'name', CABLE, 'netns', client)
    for (const [name, address] of [
      [server, SERVER_ADDRESS],
      [client, CLIENT_ADDRESS],
    ] as const) {
      ip('-n', name, 'address', 'add', `${address}/24`, 'dev', CABLE)
      ip('-n', name, 'link', 'set', CABLE, 'up')
    }
  }

  /** Cuts the cable: what is sent arrives nowhere, either way. */
  cut(): void {
    this.#firewall('-A')
  }

  /** Mends it. */
  mend(): void {
    this.#firewall('-D')
  }

  /**
   * Forgets the client's one TCP connection, as a router on the way does: its packets arrive nowhere any more, while new
   * connections work.
   */
  forget(): void {
    const listed = this.#run('client', 'ss', '-Htn', 'state', 'established', 'dst', SERVER_ADDRESS)
    const port = new RegExp(`${CLIENT_ADDRESS}:(\\d+)`).exec(listed)?.[1]
    if (port === undefined) throw new Error(`There is no connection: ${listed}`)
    for (const [host, end] of [
      ['server', '--sport'],
      ['client', '--dport'],
    ] as const) {
      this.#run(host, 'iptables', '-w', '-A', 'INPUT', '-i', CABLE, '-p', 'tcp', end, port, '-j', 'DROP')
    }
  }

  /** Ends all TCP connections of the client's host. */
  resetClient(): void {
    this.#run('client', 'ss', '-K', 'dst', SERVER_ADDRESS)
  }

  /** Starts a program on a host; it can be told and can tell messages. */
  spawn(host: Host, program: string, ...args: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#names[host], program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
  }

  /** Takes it all down. */
  remove(): void {
    for (const name of Object.values(this.#names)) ip('netns', 'del', name)
  }

  #firewall(change: '-A' | '-D'): void {
    for (const host of ['server', 'client'] as const) {
      this.#run(host, 'iptables', '-w', change, 'INPUT', '-i', CABLE, '-j', 'DROP')
    }
  }

  #run(host: Host, program: string, ...args: readonly string[]): string {
    return ip('netns', 'exec', this.#names[host], program, ...args)
  }
}

/** Whether this machine lets us have hosts of our own, and cut them off. */
export function canNetwork(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    const network = new Network()
    try {
      network.cut()
      network.mend()
    } finally {
      network.remove()
    }
    return true
  } catch {
    return false
  }
}

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
}
