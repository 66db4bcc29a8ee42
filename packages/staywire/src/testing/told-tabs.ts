// The tabs of a virtual browser that read and publish in one channel and write down what they are told, with a server. And what is
// wrong with what they were told, once all is quiet.

import type { Publication } from '../client/api.ts'
import type { ServerOptions } from '../server/options.ts'
import { VirtualBrowser } from './virtual-browser.ts'
import { VirtualTab, type VirtualTabOptions } from './virtual-tab.ts'
import { VirtualWorker } from './virtual-worker.ts'
import { World } from './world.ts'

/** A tab, and what it was told. */
export type ToldTab = VirtualTab & {
  readonly got: unknown[]
  readonly outcomes: string[]
  readonly settled: string[]
  /** What it has published. */
  readonly made: string[]
}

/** Of each tab, unless a test says otherwise. */
type TabOptions = Partial<Pick<VirtualTabOptions, 'user' | 'visible' | 'worker' | 'hidden'>>

/** A browser, its tabs and its server. */
export class ToldTabs {
  readonly world: World
  readonly browser: VirtualBrowser
  /** Where they may share. */
  readonly worker: VirtualWorker
  readonly tabs: ToldTab[] = []
  readonly #seed: number
  readonly #options: TabOptions

  /** `world`: of another browser, whose server it shares. */
  constructor(seed = 1, options: TabOptions = {}, channels: ServerOptions['channels'] = {}, world?: World) {
    this.#seed = seed * 1_000
    this.#options = options
    this.world =
      world ??
      new World({
        seed,
        server: {
          authenticate: ({ token }) => (token === undefined ? null : { user: token }),
          channels: { ...channels, '**': { subscribe: true, publish: true } },
        },
      })
    const { time } = this.world
    this.browser = new VirtualBrowser(time)
    this.worker = new VirtualWorker({ time, browser: this.browser, dial: this.#dial, seed: this.#seed + 500 })
  }

  /** Live connections, as the server counts them. */
  get connections(): number {
    return this.world.server.node.registry.connected
  }

  open(options: TabOptions = {}): ToldTab {
    const { world, browser, tabs } = this
    const tab = new VirtualTab({
      time: world.time,
      browser,
      dial: this.#dial,
      user: 'ada',
      seed: this.#seed + tabs.length,
      ...this.#options,
      ...options,
    })
    const lists = { got: [] as unknown[], outcomes: [] as string[], settled: [] as string[], made: [] as string[] }
    const told = Object.assign(tab, lists)
    tabs.push(told)
    const news = tab.client.subscribe('news', ({ data }: Publication) => told.got.push(data))
    news.on('outcome', (outcome) => told.outcomes.push(outcome))
    return told
  }

  /** The tab publishes, by default what nobody else does; what becomes of it is noted. */
  publish(tab: ToldTab, data: unknown = `${this.tabs.indexOf(tab)}:${tab.made.length}`): void {
    tab.made.push(String(data))
    tab.client.publish('news', data).then(
      ({ duplicate }) => tab.settled.push(duplicate ? 'again' : 'stored'),
      (error: Error) => tab.settled.push(String(error)),
    )
  }

  /** All is quiet: what is wrong with the tabs that live. Each has heard everything from its first on, in order and once. */
  async judge(): Promise<string[]> {
    const { world, tabs } = this
    const wrong: string[] = []
    const alive = tabs.filter(({ page }) => page.alive)
    if (this.connections !== Math.min(1, alive.length)) wrong.push(`${this.connections} connections`)
    await world.server.node.publisher.publish('news', 'last')
    await world.run(1_000)
    const { publications } = await world.server.node.broker.log.history('news', { limit: 1_000 })
    const log = publications.map(({ data }) => JSON.parse(data) as string)
    for (const tab of alive)
      wrong.push(...judgeTab(tab, alive.length, log).map((what) => `${tabs.indexOf(tab)}: ${what}`))
    return wrong
  }

  readonly #dial = (): ReturnType<World['dial']> => this.world.dial('websocket')
}

function judgeTab(
  { aloneWhy, failures, client, got, outcomes, made, settled }: ToldTab,
  of: number,
  log: string[],
): string[] {
  const wrong: string[] = []
  const { tabs } = client.stats().sharing
  if (tabs !== of) wrong.push(`${tabs} tabs for ${of}`)
  if (aloneWhy || failures.length) wrong.push(`${aloneWhy} ${failures.join()}`)
  if (got.join() !== log.slice(log.length - got.length).join() || !got.length)
    wrong.push(`got ${got.join()} of ${log.join()}`)
  if (outcomes.includes('gap')) wrong.push('has a gap')
  const kept = log.filter((data) => made.includes(data))
  if (kept.join() !== made.join()) wrong.push(`published ${made.join()} and the log has ${kept.join()}`)
  if (settled.length !== made.length || settled.some((end) => end !== 'stored' && end !== 'again'))
    wrong.push(`settled ${settled.join()}`)
  return wrong
}
