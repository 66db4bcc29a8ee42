/** The bars Staywire is held to: `required` must hold now, a `goal` is where it is going. Data only. */

/** One bar for the server `staywire`. */
export interface Target {
  readonly kind: 'required' | 'goal'
  readonly scenario: string
  readonly figure: string
  readonly what: string
  readonly atMost?: number
  readonly atLeast?: number
  /** Set: the bar is a multiple of the floor's figure in that scenario. Unset: it is absolute. */
  readonly ofFloorIn?: string
}

const perDelivery = 'cpuUsPerDelivery'

/** Bun's bursts cost 0.07 of the unjoined node:net floor on the machine where both were measured; 1.3 times that. */
const BURST_GOAL = 0.091

export const TARGETS: readonly Target[] = [
  {
    kind: 'required',
    scenario: 'fan-out',
    figure: perDelivery,
    what: 'fan-out, one at a time',
    atMost: 1.5,
    ofFloorIn: 'fan-out',
  },
  { kind: 'required', scenario: 'burst', figure: perDelivery, what: 'bursts of 16', atMost: 0.15, ofFloorIn: 'burst' },
  {
    kind: 'required',
    scenario: 'memory',
    figure: 'rssBytesPerConnection',
    what: 'RSS per idle connection, B',
    atMost: 12 * 1024,
  },
  {
    kind: 'goal',
    scenario: 'fan-out',
    figure: perDelivery,
    what: 'fan-out, one at a time',
    atMost: 1.15,
    ofFloorIn: 'fan-out',
  },
  {
    kind: 'goal',
    scenario: 'burst',
    figure: perDelivery,
    what: 'bursts of 16',
    atMost: BURST_GOAL,
    ofFloorIn: 'burst',
  },
  {
    kind: 'goal',
    scenario: 'channels',
    figure: perDelivery,
    what: '1,000 channels, server publishes',
    atMost: 1.2,
    ofFloorIn: 'channels',
  },
  {
    kind: 'goal',
    scenario: 'relay',
    figure: perDelivery,
    what: '1,000 channels, clients publish',
    atMost: 1.2,
    ofFloorIn: 'relay',
  },
  {
    kind: 'goal',
    scenario: 'relay-ack',
    figure: perDelivery,
    what: 'the same with acknowledgement',
    atMost: 1.5,
    ofFloorIn: 'relay',
  },
  {
    kind: 'goal',
    scenario: 'connect',
    figure: 'connectsPerCpuSecond',
    what: 'connects per CPU second',
    atLeast: 6_000,
  },
  {
    kind: 'goal',
    scenario: 'memory',
    figure: 'rssBytesPerConnection',
    what: 'RSS per idle connection, B',
    atMost: 7 * 1024,
  },
]
