// A store in a directory of its own, with a clock that tests move, and everything it told.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  embeddedStore,
  type Append,
  type Appended,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
  type StoreEvent,
} from 'staywire/server'
import type { Heard } from 'staywire/testing'

/** What recoveries may ask for, as a server does. */
export const CAPS = { publications: 300, bytes: 1_048_576 }

/** A store that can be closed, killed and opened again over the same files. */
export class StoreWorld {
  readonly durability = 'disk' as const
  readonly heard: Heard[] = []
  readonly events: StoreEvent[] = []
  readonly directory: string
  readonly #options: Partial<EmbeddedStoreOptions>
  #broker: EmbeddedStore | undefined
  #time = 1_700_000_000_000

  private constructor(options: Partial<EmbeddedStoreOptions>) {
    this.directory = options.directory ?? mkdtempSync(join(tmpdir(), 'staywire-store-'))
    this.#options = options
  }

  static async open(options: Partial<EmbeddedStoreOptions> = {}): Promise<StoreWorld> {
    const world = new StoreWorld(options)
    await world.reopen()
    return world
  }

  get broker(): EmbeddedStore {
    if (this.#broker === undefined) throw new Error('the store is not open')
    return this.#broker
  }

  readonly now = (): number => this.#time

  readonly advance = (ms: number): void => {
    this.#time += ms
  }

  readonly check = (actual: unknown, expected: unknown, why: string): void => {
    expect({ why, is: actual }).toEqual({ why, is: expected })
  }

  /** Opens the store again over the same files; a store that is open is closed first. */
  async reopen(): Promise<void> {
    await this.close()
    const { directory, now } = this
    this.#broker = embeddedStore({ now, ...this.#options, directory, report: (event) => this.events.push(event) })
    this.#broker.log.listen({
      deliver: (channel, publication) => this.heard.push({ channel, publication }),
      discontinued: (channel) => this.heard.push({ discontinued: channel }),
    })
    await this.#broker.open({ durabilityOf: (channel) => (channel.startsWith('memory:') ? 'memory' : 'disk') })
  }

  async close(): Promise<void> {
    await this.#broker?.close()
    this.#broker = undefined
  }

  /** Closes the store and deletes its files. */
  async remove(): Promise<void> {
    await this.close()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** The types of what the store reported, without repetitions of availability. */
  get reported(): string[] {
    return this.events.map(({ type }) => type)
  }
}

/** An append to disk that keeps 100 publications for an hour. */
export function entry(channel: string, data: unknown, more: Partial<Append> = {}): Append {
  const retention = { durability: 'disk', history: { size: 100, ttlMs: 3_600_000 } } as const
  return { channel, data: JSON.stringify(data), retention, ...more }
}

/** The position of what was stored. */
export function positionOf(appended: Appended): { epoch: string; offset: number } {
  if (!appended.stored || appended.position === undefined) throw new Error(`not stored: ${JSON.stringify(appended)}`)
  return appended.position
}

/** Appends `count` publications, all at once, with their numbers as data. */
export async function fill(
  world: StoreWorld,
  channel: string,
  count: number,
  more: Partial<Append> = {},
): Promise<void> {
  const appended = await Promise.all(
    Array.from({ length: count }, (_, index) => world.broker.log.append(entry(channel, index + 1, more))),
  )
  for (const one of appended) positionOf(one)
}

/** Waits, in real time, until `is` says so. */
export async function until(is: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    if (await is()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`waited in vain for: ${what}`)
}
