// Bugs, planted one at a time from outside: each must be found, or the simulation does not look where it says it looks.

import {
  Connection,
  DiskLog,
  Engine,
  Hub,
  MemoryLeases,
  Owner,
  Refusals,
  RememberedKeys,
  Wheel,
  type Recovery,
} from './product.ts'
import { SimDisk } from './store/sim-disk.ts'
import { SimStore } from './store/sim-store.ts'

/** A bug. */
export interface Mutant {
  readonly name: string
  /** A run of the corpus that finds it, where most runs do not. */
  readonly foundBy?: string
  /** Puts it in; answers what takes it out again. */
  readonly plant: () => () => void
}

/** Replaces a method until it is put back. */
function replace<Self extends object, Name extends keyof Self>(
  prototype: Self,
  name: Name,
  make: (original: Self[Name]) => Self[Name],
): () => void {
  const original = prototype[name]
  prototype[name] = make(original)
  return () => {
    prototype[name] = original
  }
}

const both =
  (...undoes: (() => void)[]) =>
  (): void => {
    for (const undo of undoes) undo()
  }

/** More turns than the world waits for after an event: what takes as many comes after the next one. */
const LATE_TURNS = 60

/** Bugs of the store. */
const STORE: readonly Mutant[] = [
  {
    name: 'a publish is acknowledged before it is on the disk',
    plant: () =>
      replace(
        SimStore.prototype,
        'write',
        () =>
          function (this: SimStore, batch, { done }) {
            const { results, records } = this.memory.apply(batch)
            this.time.schedule(this.time.now, () => done({ groups: results }))
            const store = (): void => {
              if (records.length > 0) this.disk.store({ at: batch.at, records })
            }
            this.enqueue({ takesMs: () => this.disk.flushMs, done: store })
          },
      ),
  },
  { name: 'keys are not remembered', plant: () => replace(RememberedKeys.prototype, 'find', () => () => undefined) },
  {
    name: 'keys are forgotten by a restart',
    plant: () =>
      replace(
        SimStore.prototype,
        'open',
        (open) =>
          function (this: SimStore) {
            const undo = replace(RememberedKeys.prototype, 'add', () => () => undefined)
            open.call(this)
            undo()
          },
      ),
  },
  {
    name: 'a restart does not say that the keys of memory channels are gone',
    plant: () => replace(SimStore.prototype, 'noteMemoryKeys', () => () => Promise.resolve(true)),
  },
  {
    name: 'the last offsets are forgotten by a restart',
    plant: () =>
      replace(
        SimStore.prototype,
        'open',
        (open) =>
          function (this: SimStore) {
            this.repair()
            const { batches } = this.disk
            const undo = replace(SimStore.prototype, 'repair', () => () => undefined)
            this.disk.batches = batches.slice(0, -1)
            open.call(this)
            this.disk.batches = batches
            undo()
          },
      ),
  },
  {
    name: 'an epoch is kept though publications are gone',
    plant: () => replace(SimDisk.prototype, 'renewAll', () => () => undefined),
  },
  {
    name: 'every restart renews the epochs',
    plant: () =>
      replace(
        SimStore.prototype,
        'open',
        (open) =>
          function (this: SimStore) {
            const { rotated } = this.disk.repairs
            this.disk.renewAll()
            this.disk.repairs.rotated = rotated
            open.call(this)
          },
      ),
  },
  {
    name: 'a drain does not wait for what is in hand',
    plant: () => replace(DiskLog.prototype, 'close', () => () => Promise.resolve()),
  },
  {
    name: 'what is not at hand any more counts as nothing missed',
    plant: () =>
      replace(
        DiskLog.prototype,
        'recover',
        (recover) =>
          async function (this: DiskLog, ...args): Promise<Recovery> {
            const recovery = await recover.apply(this, args)
            if (recovery.outcome === 'recovered' || recovery.why === 'epoch') return recovery
            return { outcome: 'recovered', publications: [], position: recovery.position }
          },
      ),
  },
]

/** Bugs of the server. */
const SERVER: readonly Mutant[] = [
  {
    name: 'a subscription begins a moment after its history was read',
    plant: () => {
      const { begin } = Hub.prototype
      return both(
        replace(
          Hub.prototype,
          'begin',
          () =>
            function (this: Hub, channel, sink) {
              this.leave(channel, sink)
            },
        ),
        replace(
          Hub.prototype,
          'join',
          (join) =>
            function (this: Hub, channel, sink, upTo) {
              const joinLate = async (): Promise<void> => {
                for (let turn = 0; turn < LATE_TURNS; turn++) await Promise.resolve()
                begin.call(this, channel, sink)
                join.call(this, channel, sink, upTo)
              }
              void joinLate()
              return 'joined'
            },
        ),
      )
    },
  },
  {
    name: 'pongs are ignored',
    plant: () =>
      replace(
        Connection.prototype,
        'handle',
        (handle) =>
          function (this: Connection, input, now) {
            if (input.type === 'text' && input.text === '{"type":"pong"}') return []
            return handle.call(this, input, now)
          },
      ),
  },
  {
    name: 'the claim that arrives last wins',
    plant: () => {
      let count = 0
      return replace(
        MemoryLeases.prototype,
        'claim',
        (claim) =>
          function (this: MemoryLeases, what) {
            return claim.call(this, { ...what, fence: [Number.MAX_SAFE_INTEGER, ++count] })
          },
      )
    },
  },
  {
    name: 'who lost a slot is not closed',
    plant: () =>
      replace(
        MemoryLeases.prototype,
        'claim',
        (claim) =>
          async function (this: MemoryLeases, what) {
            const claimed = await claim.call(this, what)
            return claimed.granted ? { granted: true } : claimed
          },
      ),
  },
  {
    name: 'closed connections stay in the clock',
    plant: () => replace(Wheel.prototype, 'cancel', () => () => undefined),
  },
  {
    name: 'what was sent after a refused publish overtakes it',
    foundBy: 'overtaken-after-refusal.json',
    plant: () => replace(Refusals.prototype, 'stops', () => () => undefined),
  },
]

/** Bugs of the client. */
const CLIENT: readonly Mutant[] = [
  {
    name: 'publishes are sent again in another order',
    plant: () => {
      let collected: [ticket: number, body: string][] | undefined
      const request = Owner.prototype.request
      return both(
        replace(
          Owner.prototype,
          'greeted',
          (up) =>
            function (this: Owner, frame) {
              collected = []
              up.call(this, frame)
              const all = collected.reverse()
              collected = undefined
              for (const one of all) request.apply(this, one)
            },
        ),
        replace(
          Owner.prototype,
          'request',
          () =>
            function (this: Owner, ticket, body) {
              if (collected === undefined) request.call(this, ticket, body)
              else collected.push([ticket, body])
            },
        ),
      )
    },
  },
  {
    name: 'what was not answered is not sent again',
    plant: () => {
      const sent = new WeakMap<Owner, Set<number>>()
      return replace(
        Owner.prototype,
        'request',
        (request) =>
          function (this: Owner, ticket, body) {
            const known = sent.get(this) ?? new Set()
            sent.set(this, known)
            if (!known.has(ticket)) request.call(this, ticket, body)
            known.add(ticket)
          },
      )
    },
  },
  { name: 'a closed client goes on listening', plant: () => replace(Engine.prototype, 'stop', () => () => undefined) },
]

/** All of them. */
export const MUTANTS: readonly Mutant[] = [...STORE, ...SERVER, ...CLIENT]
