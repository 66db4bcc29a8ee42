import { describe, expect, it } from 'vitest'
import type { Transport } from '../api.ts'
import { CONNECTED, type AnyClientFrame } from '../../testing/scripted-server.ts'
import { VirtualClient, type VirtualClientOptions } from '../../testing/virtual-client.ts'
import { VirtualLink } from '../../testing/virtual-link.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'

/** What a network does to a transport. A number: it opens, is connected, and is cut so many milliseconds later. */
type Path = 'refuses' | 'hangs' | 'opens' | 'works' | number

const ALL: readonly Transport[] = ['websocket', 'sse', 'poll']

/** A client, a server that answers every `connect`, and a network that treats each transport in its own way. */
class Network {
  readonly time = new VirtualTime(1_000_000)
  readonly paths: Record<Transport, Path>
  /** Every dial: seconds since the start, and what over. */
  readonly dialled: string[] = []
  readonly connects: AnyClientFrame[] = []
  readonly virtual: VirtualClient
  up = true
  probes = 0
  link: VirtualLink | undefined

  constructor(paths: Partial<Record<Transport, Path>>, options: Partial<VirtualClientOptions> = {}) {
    this.paths = { websocket: 'works', sse: 'works', poll: 'works', ...paths }
    this.virtual = new VirtualClient(this.time, {
      transports: ALL,
      dial: (transport) => this.#dial(transport),
      openMs: undefined,
      probe: () => {
        this.probes++
        return this.up
      },
      ...options,
    })
  }

  get over(): Transport | undefined {
    const { status, transport } = this.virtual.client.stats()
    return status === 'connected' ? transport : undefined
  }

  /** Seconds since the start, rounded up to a tenth. */
  get seconds(): number {
    return Math.ceil((this.time.now - 1_000_000) / 100) / 10
  }

  get causes(): unknown[] {
    return this.virtual.client.errors().map(({ network, evidence }) => `${evidence.transport} ${network}`)
  }

  /** Lets time pass, with the answers of probes, which come by promises. */
  async run(ms: number): Promise<void> {
    const end = this.time.now + ms
    const answered = async (): Promise<void> => {
      for (let turn = 0; turn < 6; turn++) await Promise.resolve()
    }
    for (await answered(); this.time.nextAt <= end; await answered()) this.time.step()
    this.time.advance(end - this.time.now)
  }

  /** Lets time pass until something holds, for an hour at most. */
  async until(holds: () => boolean): Promise<void> {
    for (let n = 0; !holds() && n < 72_000; n++) await this.run(50)
    expect(holds()).toBe(true)
  }

  async connect(): Promise<number> {
    void this.virtual.client.connect()
    await this.until(() => this.over !== undefined)
    return this.seconds
  }

  #dial(transport: Transport): VirtualLink {
    const path = this.up ? this.paths[transport] : 'refuses'
    this.dialled.push(`${transport} ${this.seconds}`)
    const link = (this.link = new VirtualLink(this.time, () => 10))
    link.connect('server', {
      text: (text) => {
        const frame = JSON.parse(text) as AnyClientFrame
        if (frame.type === 'ping') link.send('server', '{"type":"pong"}')
        if (frame.type !== 'connect' || path === 'opens') return
        this.connects.push(frame)
        link.send('server', JSON.stringify({ ...CONNECTED, heartbeat: { intervalMs: 0, timeoutMs: 0 } }))
      },
      closed: () => {},
    })
    if (path === 'refuses') link.cut()
    else if (path !== 'hangs') link.established()
    if (typeof path === 'number') this.time.schedule(this.time.now + path, () => link.cut())
    return link
  }
}

describe('a client that is new on a network', () => {
  it('FALL-1: dials a WebSocket, and nothing else where that works', async () => {
    const network = new Network({})
    await network.connect()
    await network.run(3_600_000)
    expect([network.over, network.dialled, network.probes]).toEqual(['websocket', ['websocket 0'], 0])
  })

  it('FALL-2, CAUSE-2, CAUSE-5: goes on to a stream where upgrades are refused and the server answers a probe', async () => {
    const network = new Network({ websocket: 'refuses' })
    expect(await network.connect()).toBeLessThan(1)
    expect([network.over, network.probes, network.causes]).toEqual(['sse', 1, ['websocket blocked']])
  })

  it('FALL-3: polls within 5 s where a stream opens and brings nothing, as behind a proxy that buffers', async () => {
    const network = new Network({ websocket: 'refuses', sse: 'opens' })
    expect(await network.connect()).toBeLessThan(5)
    expect(network.over).toBe('poll')
    expect(network.causes).toEqual(['websocket blocked', 'sse blocked'])
  })

  it('FALL-3: gives a WebSocket 5 s to open, and 5 s more to connected', async () => {
    for (const path of ['hangs', 'opens'] as const) {
      const network = new Network({ websocket: path })
      expect(await network.connect()).toBeLessThan(6)
      expect([network.over, network.causes]).toEqual(['sse', ['websocket blocked']])
    }
  })

  it('FALL-3: has all the time of the option for the last transport that is left', async () => {
    const network = new Network({ poll: 'hangs' }, { transports: ['poll'] })
    void network.virtual.client.connect()
    await network.run(9_900)
    expect(network.virtual.client.status).toBe('connecting')
    await network.run(200)
    expect(network.virtual.client.status).toBe('waiting')
  })

  it('FALL-2: stays with the first transport while the server does not answer', async () => {
    const network = new Network({})
    network.up = false
    void network.virtual.client.connect()
    await network.run(120_000)
    expect(new Set(network.dialled.map((dial) => dial.split(' ')[0]))).toEqual(new Set(['websocket']))
    expect(new Set(network.causes)).toEqual(new Set(['websocket server-down']))
    network.up = true
    await network.run(31_000)
    expect(network.over).toBe('websocket')
  })

  it('FALL-2: leaves a WebSocket that opens and dies at 300 ms after the second time, and does not come back to flap', async () => {
    const network = new Network({ websocket: 300 })
    expect(await network.connect()).toBeLessThan(1)
    await network.run(20_000)
    expect([network.over, network.causes]).toEqual(['sse', ['websocket unknown', 'websocket blocked']])
    const { length } = network.dialled
    await network.run(24 * 3_600_000)
    // Opened beside the connection each time, found dead, and never used.
    expect([network.over, network.connects.length]).toEqual(['sse', 3])
    expect(network.dialled.length - length).toBeLessThan(10)
  })

  it('FALL-5: where nothing works, the first round is quick and every later dial waits as long as any', async () => {
    const network = new Network({ websocket: 'refuses', sse: 'refuses', poll: 'refuses' })
    void network.virtual.client.connect()
    await network.run(2_500)
    expect(network.dialled.slice(0, 3).map((dial) => dial.split(' ')[0])).toEqual(ALL)
    expect(Number(network.dialled[2]?.split(' ')[1])).toBeLessThan(2)
    await network.run(30 * 60_000)
    const late = network.dialled.length
    await network.run(10 * 60_000)
    expect(network.dialled.length - late).toBeLessThan(80)
    network.paths.poll = 'works'
    await network.run(120_000)
    expect(network.over).toBe('poll')
  })

  it('FALL-2: nothing is held against a transport that ended while the machine slept', async () => {
    const network = new Network({})
    await network.connect()
    for (let naps = 0; naps < 4; naps++) {
      await network.run(1_000)
      network.virtual.freeze(8_000)
      network.link?.cut()
      await network.run(10_000)
      expect(network.over).toBe('websocket')
    }
    expect(new Set(network.causes)).toEqual(new Set(['websocket woke-up']))
  })

  it('FALL-2: nothing is held against a transport while the machine is offline', async () => {
    const network = new Network({ websocket: 'refuses' })
    void network.virtual.client.connect()
    network.virtual.hint('offline')
    await network.run(30_000)
    expect(new Set(network.causes)).toEqual(new Set(['websocket offline']))
  })
})

describe('a network that a transport is known to work on', () => {
  it('FALL-4: is not left because a server restarts: its first answer only means another dial', async () => {
    const network = new Network({})
    await network.connect()
    await network.run(15_000)
    for (let restarts = 0; restarts < 20; restarts++) {
      network.up = false
      network.link?.cut()
      await network.run(1_000 + restarts * 200)
      network.up = true
      await network.run(45_000)
      expect(network.over).toBe('websocket')
    }
  })

  it('FALL-4: is left when the server answers and dials still fail', async () => {
    const network = new Network({})
    await network.connect()
    await network.run(15_000)
    network.paths.websocket = 'refuses'
    network.link?.cut()
    await network.run(20_000)
    expect(network.over).toBe('sse')
    expect(network.causes.at(-1)).toBe('websocket blocked')
  })

  it('FALL-6: counts as good after 10 s, is remembered then, and begins with what was remembered', async () => {
    const network = new Network({ websocket: 'refuses' })
    await network.connect()
    await network.run(9_000)
    expect(network.virtual.remembered).toEqual([])
    await network.run(6_000)
    expect(network.virtual.remembered).toEqual(['sse'])
    const later = new Network({ websocket: 'refuses' }, { recalled: 'sse' })
    await later.connect()
    expect(later.dialled).toEqual(['sse 0'])
  })

  it('FALL-6: what was remembered and is not offered any more is forgotten', async () => {
    const network = new Network({}, { recalled: 'poll', transports: ['websocket', 'sse'] })
    await network.connect()
    expect(network.dialled).toEqual(['websocket 0'])
  })
})

describe('a better transport', () => {
  async function onStream(options: Partial<VirtualClientOptions> = {}): Promise<Network> {
    const network = new Network({ websocket: 'refuses' }, options)
    await network.connect()
    await network.run(15_000)
    network.dialled.length = network.connects.length = 0
    return network
  }

  it('FALL-7: is opened beside the connection after 10 min, and takes its place once it stayed open for 3 s', async () => {
    const network = await onStream()
    network.paths.websocket = 'works'
    const old = network.link
    const told: unknown[] = []
    network.virtual.client.on('status', (status, cause) => told.push([status, cause]))
    await network.run(590_000)
    expect([network.over, network.dialled]).toEqual(['sse', []])
    await network.until(() => network.dialled.length > 0)
    await network.run(2_900)
    expect([network.over, old?.over, network.connects]).toEqual(['sse', false, []])
    await network.run(300)
    expect([network.over, old?.over]).toEqual(['websocket', true])
    // Nothing went wrong.
    expect(told).toEqual([
      ['connecting', undefined],
      ['connected', undefined],
    ])
    expect(network.connects).toMatchObject([{ session: { id: 's1', secret: 'x1' } }])
    await network.run(20_000)
    expect(network.virtual.remembered).toEqual(['sse', 'websocket'])
    await network.run(3_600_000)
    expect(network.dialled).toHaveLength(1)
  })

  it('FALL-7: that does not open costs the connection nothing, and is tried half as often each time', async () => {
    const network = await onStream()
    network.paths.websocket = 'hangs'
    const old = network.link
    await network.run(3_600_000)
    expect(network.dialled).toHaveLength(2)
    await network.run(24 * 3_600_000)
    expect([network.over, old?.over, network.dialled.length]).toEqual(['sse', false, 7])
    expect(network.virtual.client.stats().reconnects).toBe(0)
  })

  it('FALL-7: is tried within 10 s of `online`, for that may be another network', async () => {
    const network = await onStream()
    network.paths.websocket = 'works'
    network.virtual.hint('online')
    await network.run(20_000)
    expect(network.over).toBe('websocket')
  })

  it('FALL-7: is tried soon after an `online` that came while there was no connection, but not before there is a good one', async () => {
    const network = await onStream()
    network.paths.sse = 'refuses'
    network.link?.cut()
    network.virtual.hint('offline')
    await network.run(60_000)
    network.paths.websocket = network.paths.sse = 'works'
    network.virtual.hint('online')
    await network.until(() => network.over === 'sse')
    await network.run(9_000)
    expect(network.over).toBe('sse')
    await network.run(11_000)
    expect(network.over).toBe('websocket')
  })

  it('FALL-7: a connection that ends while another is opened beside it leaves nothing behind', async () => {
    const network = await onStream()
    network.paths.websocket = 'hangs'
    const old = network.link
    network.virtual.hint('online')
    await network.until(() => network.dialled.length > 0)
    const spare = network.link
    old?.cut()
    await network.run(5_000)
    expect([network.over, spare?.over]).toEqual(['sse', true])
    network.virtual.client.close()
    expect(network.virtual.armed).toBe(false)
  })

  it('FALL-8: that does not stay up is left for the one before at once, and recovery hides it', async () => {
    const network = await onStream()
    network.paths.websocket = 5_000
    network.virtual.hint('online')
    await network.until(() => network.over === 'websocket')
    await network.until(() => network.over === undefined)
    await network.run(700)
    expect([network.over, network.causes.at(-1)]).toEqual(['sse', 'websocket blocked'])
  })

  it('FALL-7: a stream is tried in the place of polls, for it opens only with a connection', async () => {
    const network = new Network({ websocket: 'refuses', sse: 'opens' })
    await network.connect()
    await network.run(15_000)
    await network.run(630_000)
    expect(network.over).toBe('poll')
    network.paths.sse = 'works'
    await network.run(1_300_000)
    expect(network.over).toBe('sse')
  })
})
