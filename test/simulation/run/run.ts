// One run from beginning to end: things happen, then nothing fails any more and everything must heal, then everybody leaves and
// nothing may be left.

import type { Sometimes } from '../check/journal.ts'
import type { Plan, Step } from '../plan.ts'
import { Deeds } from './deeds.ts'
import { Stage, WINDOW_MS } from './stage.ts'

/** What came of a run. */
export interface Outcome {
  readonly violations: readonly string[]
  readonly counts: Readonly<Record<Sometimes, number>>
  readonly virtualMs: number
  /** The same for two runs that did the same. */
  readonly hash: number
  readonly lines: readonly string[]
}

/** Longest time from the last fault to everything being well: a half-open link, the longest wait, a slow resend. */
const HEAL_MS = 180_000
/** What is on its way when the last fault ends, over the slowest network, has arrived and shown its consequences after so long. */
const ON_THE_WAY_MS = 35_000
const REACH_MS = 20_000
const QUIET_MS = 90_000
/** Sessions and leases are kept for so long. */
const FORGET_MS = 140_000

/** Runs a plan. */
export async function run(plan: Plan, { keepsLines = false }: { keepsLines?: boolean } = {}): Promise<Outcome> {
  const stage = new Stage(plan, keepsLines)
  const { world, journal, publishes, disk } = stage
  const start = world.time.now
  await happen(stage)
  publishes.conclude(WINDOW_MS)
  journal.count('torn tail repaired', disk.repairs.torn)
  journal.count('epoch rotated', disk.repairs.rotated)
  for (const { error, where } of world.server.failures) journal.violate('S0', `${where} failed: ${String(error)}`)
  for (const { virtual, name } of stage.actors) {
    for (const error of virtual.failures) journal.violate('S0', `a listener of ${name} failed: ${String(error)}`)
  }
  const { violations, counts, hash, lines } = journal
  return { violations, counts, hash, lines, virtualMs: world.time.now - start }
}

async function happen(stage: Stage): Promise<void> {
  const { world, plan, journal } = stage
  const deeds = new Deeds(stage)
  const watch = (): void => {
    deeds.look()
    oneConnectionPerSlot(stage)
  }
  for (const { at, ...deed } of plan.steps) world.time.schedule(world.time.now + at, () => deeds.do(deed))
  await passing(stage, Math.max(...plan.steps.map(endOf)) + 1_000, watch)
  journal.note('nothing fails any more')
  deeds.heal()
  if (!(await heals(stage))) return
  await reachesEverybody(stage)
  await staysQuiet(stage)
  await leavesNothing(stage)
}

/** When a step is over. What stands still cannot be made to go on earlier; everything else is set right. */
function endOf({ at, ...deed }: Step): number {
  return deed.do === 'freeze' || deed.do === 'pause' ? at + deed.forMs : at
}

async function passing(stage: Stage, ms: number, watch: () => void): Promise<void> {
  const { world } = stage
  const end = world.time.now + ms
  await world.until(() => {
    watch()
    return false
  }, ms)
  await world.run(Math.max(0, end - world.time.now))
}

/** L1, L2: everybody is connected, everything is answered, every reader is at the end of its channel. */
async function heals(stage: Stage): Promise<boolean> {
  const { world, journal, actors } = stage
  const hasTwin = actors.some(({ twin }) => twin)
  for (const [index, actor] of actors.entries()) {
    if (actor.client.status === 'stopped' && !(hasTwin && (index === 0 || actor.twin))) {
      journal.violate('S9', `${actor.name} was ended for good: ${actor.client.cause?.reason}`)
    }
    if (actor.twin) actor.close()
  }
  await world.run(ON_THE_WAY_MS)
  const settled = (): boolean => {
    for (const actor of actors) if (actor.atRest) void actor.client.connect().catch(() => undefined)
    const { available, usage } = stage.broker
    return world.server.up && available && usage.waiting === 0 && actors.every((actor) => actor.settled)
  }
  const healed = await world.until(settled, HEAL_MS)
  if (!healed) {
    for (const actor of actors.filter((one) => !one.settled)) {
      const readers = [...actor.readers.values()].map(({ subscription: { channel, state } }) => `${channel} ${state}`)
      journal.violate(
        'L1',
        `${actor.name} is ${actor.client.status}, ${actor.virtual.tab.outbox.count} unanswered, ${readers.join(', ')}`,
      )
    }
    if (!world.server.up) journal.violate('L1', 'the server is down')
    if (!stage.broker.available) journal.violate('L1', 'the store is not available')
  }
  return healed
}

/** E2, L3: every reader is at the end of its channel, also after something new was published. */
async function reachesEverybody(stage: Stage): Promise<void> {
  const { world, publishes, actors } = stage
  const channels = new Set(actors.flatMap(({ readers }) => [...readers.keys()]))
  await atTheEnd(stage, channels, 'without anything new')
  const { publisher } = world.server.node
  for (const channel of channels) publishes.follow('host', channel, (id) => publisher.publish(channel, id, { key: id }))
  await world.run(5_000)
  await atTheEnd(stage, channels, 'after something new')
}

async function atTheEnd(stage: Stage, channels: ReadonlySet<string>, when: string): Promise<void> {
  const { world, journal, actors } = stage
  const heads = new Map<string, string>()
  for (const channel of channels) {
    const { epoch, offset } = await position(stage, channel)
    heads.set(channel, `${epoch}:${offset}`)
  }
  const behind = (): string[] =>
    actors.flatMap(({ name, readers }) =>
      [...readers].flatMap(([channel, { position: at }]) =>
        `${at?.epoch}:${at?.offset}` === heads.get(channel)
          ? []
          : [`${name} in ${channel} at ${at?.epoch}:${at?.offset}`],
      ),
    )
  if (await world.until(() => behind().length === 0, REACH_MS)) return
  for (const one of behind()) journal.violate('E2', `${one} is behind ${when}`)
}

/** L4: with nothing wrong no connection is lost. (A client that could not read for a while may know its token's expiry too late.) */
async function staysQuiet(stage: Stage): Promise<void> {
  const { world, journal, actors } = stage
  const expired = (): number => world.server.closes.filter(({ code }) => code === 4004).length
  const dials = (): number => actors.reduce((sum, { virtual }) => sum + virtual.dials, -expired())
  const before = dials()
  await world.run(QUIET_MS)
  if (dials() !== before) journal.violate('L4', `${dials() - before} reconnects while nothing failed`)
  oneConnectionPerSlot(stage)
}

/** E4: after everybody left there is nothing of them. */
async function leavesNothing(stage: Stage): Promise<void> {
  const { world, journal, actors } = stage
  for (const actor of actors) actor.close()
  await world.run(2_000)
  const { node } = world.server
  const soon = {
    connections: node.registry.size,
    users: node.registry.users,
    channels: node.hub.size,
    watched: node.watched,
  }
  await world.run(FORGET_MS)
  const { waiting, leases, members } = stage.broker.usage
  const later = { sessions: node.sessions.size, presence: node.presence.size, waiting, leases, members }
  const clients = {
    timers: actors.filter(({ virtual }) => virtual.armed).length,
    listeners: actors.reduce((sum, { virtual }) => sum + virtual.listeners, 0),
  }
  for (const [name, value] of Object.entries({ ...soon, ...later, ...clients })) {
    if (value !== 0) journal.violate('E4', `${value} ${name} are left`)
  }
}

/** S9: at most one live connection for a slot. */
function oneConnectionPerSlot({ world, journal, actors }: Stage): void {
  const seen = new Set<string>()
  for (const { user, origin } of world.server.node.registry.matching({})) {
    const slot = `${user} ${origin.browser}`
    if (seen.has(slot)) journal.violate('S9', `two connections fill the slot of ${slot}, of ${actors.length} clients`)
    seen.add(slot)
  }
}

/** Where a channel stands; time passes while the store answers. */
async function position(stage: Stage, channel: string): Promise<{ epoch: string; offset: number }> {
  let found: { epoch: string; offset: number } | undefined
  stage.broker.log.position(channel).then(
    (at) => (found = at),
    () => undefined,
  )
  await stage.world.until(() => found !== undefined, REACH_MS)
  return found ?? { epoch: 'unknown', offset: 0 }
}
