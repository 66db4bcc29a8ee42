/** The bars Staywire is held to: `required` must hold now, a `goal` is where it is going. Data only; those against a server that did not run are left out. */

import { FLOOR } from './server-list.ts'

/** One bar. */
export interface Target {
  readonly kind: 'required' | 'goal'
  /** The server that is held to it. Default `staywire`. */
  readonly server?: string
  readonly scenario: string
  readonly figure: string
  readonly what: string
  readonly atMost?: number
  readonly atLeast?: number
  /** Set: the bar is a multiple of that server's figure in that scenario. Unset: it is absolute. */
  readonly of?: { readonly server: string; readonly scenario: string }
}

const perDelivery = 'cpuUsPerDelivery'

/** A bar on the cost of a delivery, as a multiple of another server's. */
function delivery(
  kind: Target['kind'],
  what: string,
  scenario: string,
  atMost: number,
  server = FLOOR,
  other = scenario,
): Target {
  return { kind, what, scenario, figure: perDelivery, atMost, of: { server, scenario: other } }
}

/** What being observed may cost, as a multiple of the same server unobserved. */
function observed(what: string, scenario: string): Target {
  return { kind: 'goal', what, server: 'staywire-observed', scenario, figure: 'ratio', atMost: 1.03 }
}

function idleBytes(kind: Target['kind'], atMost: number): Target {
  return { kind, what: 'RSS per idle connection, B', scenario: 'memory', figure: 'rssBytesPerConnection', atMost }
}

function heldBytes(what: string, figure: string, atMost: number): Target {
  return { kind: 'goal', what: `JS heap per ${what}, B`, scenario: 'held', figure, atMost }
}

export const TARGETS: readonly Target[] = [
  delivery('required', 'fan-out, one at a time', 'fan-out', 1.5),
  delivery('required', 'bursts of 16', 'burst', 0.15),
  idleBytes('required', 12 * 1024),
  { kind: 'goal', what: 'sweep of 100,000, CPU ms of the worst tick', scenario: 'sweep', figure: 'mostMs', atMost: 5 },
  observed('fan-out, observed ÷ unobserved', 'observed'),
  observed('1,000 channels, observed ÷ unobserved', 'observed-channels'),
  delivery('goal', 'fan-out, one at a time', 'fan-out', 1.15),
  delivery('goal', 'bursts of 16', 'burst', 1.3, 'bun'),
  delivery('goal', '1,000 channels, server publishes', 'channels', 1.2),
  delivery('goal', '1,000 channels, clients publish', 'relay', 1.2),
  delivery('goal', 'the same with acknowledgement', 'relay-ack', 1.5, FLOOR, 'relay'),
  {
    kind: 'goal',
    what: 'connects per CPU second',
    scenario: 'connect',
    figure: 'connectsPerCpuSecond',
    atLeast: 6_000,
  },
  // The same goal for machines on which everything connects slower or faster: the floor made 23,000 where the goal was set.
  {
    kind: 'goal',
    what: 'CPU per connect',
    scenario: 'connect',
    figure: 'cpuUsPerConnect',
    atMost: 23 / 6,
    of: { server: FLOOR, scenario: 'connect' },
  },
  delivery('goal', 'event streams, one at a time', 'stream', 1.3),
  idleBytes('goal', 7 * 1024),
  heldBytes('further subscription', 'bytesPerSubscription', 400),
  heldBytes('dropped session', 'bytesPerSession', 1_024),
  heldBytes('idle channel', 'bytesPerChannel', 600),
  {
    kind: 'goal',
    what: 'durable publishes/s, 1,000 under way, in process',
    scenario: 'durable',
    figure: 'perSecond1000',
    atLeast: 100_000,
  },
  { kind: 'goal', what: 'recovery after a restart, p99 ms', scenario: 'recovery', figure: 'p99Ms', atMost: 1_000 },
]
