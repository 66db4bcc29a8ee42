// Files that are not what was written: nothing damaged is served, nobody is told that nothing was missed, and the store goes on.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAndKill, type Acknowledged } from './harness/kill.ts'
import { CAPS, entry, fill, positionOf, StoreWorld, until } from './harness/store-world.ts'

let directory: string
let world: StoreWorld | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'staywire-damage-'))
})
afterEach(async () => {
  await world?.close()
  world = undefined
  rmSync(directory, { recursive: true, force: true })
})

const file = (name: string) => join(directory, name)

/** Changes a file in place, as a failing disk does. */
function alter(name: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file(name))
  change(bytes)
  writeFileSync(file(name), bytes)
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
}

/** The event of a type. */
function event(type: string): unknown {
  return world?.events.find((one) => one.type === type)
}

async function open(): Promise<StoreWorld> {
  world = await StoreWorld.open({ directory, now: Date.now })
  return world
}

/** No name that was acknowledged may now stand for another publication; a client that has one of the lost ones gets a gap. */
async function expectHonest(now: StoreWorld, acknowledged: readonly Acknowledged[]): Promise<void> {
  const { log } = now.broker
  const newest = acknowledged.at(-1) as Acknowledged
  expect(await log.recover(newest.channel, newest, CAPS)).toMatchObject({ outcome: 'gap', why: 'epoch' })
  const names = new Set(acknowledged.map(({ channel, epoch, offset }) => `${channel} ${epoch}:${offset}`))
  for (let count = 0; count < 30; count++) {
    const { epoch, offset } = positionOf(await log.append(entry(newest.channel, `new ${count}`)))
    expect(names.has(`${newest.channel} ${epoch}:${offset}`)).toBe(false)
  }
}

describe('a write-ahead log that lost acknowledged publications', () => {
  const damages: [string, () => void][] = [
    ['a flipped byte', () => alter('staywire.db-wal', (bytes) => flip(bytes, Math.floor(bytes.length / 2)))],
    [
      'half its length',
      () => truncateSync(file('staywire.db-wal'), Math.floor(readFileSync(file('staywire.db-wal')).length / 2)),
    ],
    ['no file', () => rmSync(file('staywire.db-wal'))],
  ]
  it.each(damages)('REC-7: with %s renews every epoch, so that clients get a gap', async (_, damage) => {
    const acknowledged = await runAndKill({ directory, inFlight: 1, channels: 1, acknowledgements: 60 })
    damage()
    const now = await open()
    expect(event('rolled-back')).toMatchObject({
      why: expect.stringMatching(/^the database has \d+ commits, and \d+ were acknowledged$/),
    })
    await expectHonest(now, acknowledged)
    expect(now.broker.available).toBe(true)
    await now.close()
    expect((await open()).reported).toEqual(['availability'])
  })

  it('without its last, torn, unacknowledged commit is as good as new', async () => {
    const acknowledged = await runAndKill({ directory, inFlight: 1, channels: 1, acknowledgements: 30 })
    writeFileSync(
      file('staywire.db-wal'),
      Buffer.concat([readFileSync(file('staywire.db-wal')), Buffer.alloc(3_000, 7)]),
    )
    const now = await open()
    expect(now.reported).toEqual(['availability'])
    const newest = acknowledged.at(-1) as Acknowledged
    expect(await now.broker.log.recover('c0', newest, CAPS)).toMatchObject({ outcome: 'recovered' })
  })
})

describe('files from another time or place', () => {
  it('REC-7: an older copy of the database under a newer mark renews every epoch', async () => {
    let now = await open()
    await fill(now, 'c0', 10)
    await now.close()
    const old = readFileSync(file('staywire.db'))
    now = await open()
    const told: Acknowledged[] = []
    for (let number = 11; number <= 20; number++) {
      told.push({ channel: 'c0', number, ...positionOf(await now.broker.log.append(entry('c0', number))) })
    }
    await now.close()
    writeFileSync(file('staywire.db'), old)
    now = await open()
    expect(event('rolled-back')).toBeDefined()
    expect((await now.broker.log.history('c0', { limit: 100 })).publications).toHaveLength(10)
    await expectHonest(now, told)
  })

  it('REC-7: an older copy of the whole directory, written over it, renews every epoch', async () => {
    let now = await open()
    await fill(now, 'c0', 10)
    await now.close()
    const files = ['staywire.db', 'staywire.mark'].map((name) => ({ name, old: readFileSync(file(name)) }))
    now = await open()
    await fill(now, 'c0', 10)
    const position = await now.broker.log.position('c0')
    await now.close()
    for (const { name, old } of files) writeFileSync(file(name), old)
    now = await open()
    expect(event('rolled-back')).toMatchObject({ why: 'the files were copied here' })
    await expectHonest(now, [{ channel: 'c0', number: 20, ...position }])
  })

  it('REC-7: a directory that was copied renews every epoch, as it may be a backup', async () => {
    let now = await open()
    await fill(now, 'c0', 10)
    const position = await now.broker.log.position('c0')
    await now.close()
    const copy = `${directory}-copy`
    cpSync(directory, copy, { recursive: true, preserveTimestamps: true })
    rmSync(directory, { recursive: true })
    cpSync(copy, directory, { recursive: true, preserveTimestamps: true })
    rmSync(copy, { recursive: true })
    now = await open()
    expect(event('rolled-back')).toMatchObject({ why: 'the files were copied here' })
    await expectHonest(now, [{ channel: 'c0', number: 10, ...position }])
    await now.close()
    now = await open()
    expect(now.reported).toEqual(['availability'])
  })

  it.each([
    ['missing', () => rmSync(file('staywire.mark'))],
    ['empty', () => truncateSync(file('staywire.mark'), 0)],
    ['damaged', () => alter('staywire.mark', (bytes) => [20, 84].forEach((at) => flip(bytes, at)))],
  ])('a %s mark renews every epoch, as nothing vouches for the database', async (_, damage) => {
    let now = await open()
    await fill(now, 'c0', 10)
    const position = await now.broker.log.position('c0')
    await now.close()
    damage()
    now = await open()
    expect(event('rolled-back')).toMatchObject({ why: 'there is no high-water mark beside the database' })
    await expectHonest(now, [{ channel: 'c0', number: 10, ...position }])
  })

  it('a mark of which one slot was torn is still a mark', async () => {
    let now = await open()
    await fill(now, 'c0', 10)
    await now.broker.log.append(entry('c0', 11))
    await now.close()
    alter('staywire.mark', (bytes) => flip(bytes, 10))
    now = await open()
    expect(now.reported).toEqual(['availability'])
  })

  it('refuses a database of another program, and one of a newer version', async () => {
    const other = new DatabaseSync(file('staywire.db'))
    other.exec('CREATE TABLE theirs(a)')
    other.close()
    await expect(open()).rejects.toMatchObject({ message: `${file('staywire.db')} is a database of another program.` })
    rmSync(file('staywire.db'))
    const now = await open()
    await now.close()
    const newer = new DatabaseSync(file('staywire.db'))
    newer.exec('PRAGMA user_version = 2')
    newer.close()
    await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('has version 2 of the tables') })
  })
})

describe('a damaged database', () => {
  it('REC-13: a changed publication costs its channel the epoch and what is older, and other channels nothing', async () => {
    let now = await open()
    for (let count = 1; count <= 20; count++) await now.broker.log.append(entry('a', `needle-${count}-`))
    await fill(now, 'b', 20)
    const [a, b] = [await now.broker.log.position('a'), await now.broker.log.position('b')]
    await now.close()
    alter('staywire.db', (bytes) => flip(bytes, bytes.indexOf('needle-12-') + 3))
    now = await open()
    expect(await now.broker.log.recover('a', { ...a, offset: 15 }, CAPS)).toMatchObject({
      outcome: 'gap',
      why: 'epoch',
    })
    expect(event('damaged')).toEqual({ type: 'damaged', channel: 'a', upTo: 12, why: 'a checksum is wrong' })
    expect(now.heard).toEqual([{ discontinued: 'a' }])
    const { publications, position } = await now.broker.log.history('a', { limit: 100 })
    expect(publications.map(({ offset }) => offset)).toEqual([13, 14, 15, 16, 17, 18, 19, 20])
    expect(position).toMatchObject({ offset: 20 })
    expect(position.epoch).not.toBe(a.epoch)
    expect(await now.broker.log.recover('b', { ...b, offset: 1 }, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(positionOf(await now.broker.log.append(entry('a', 21)))).toEqual({ ...position, offset: 21 })
    await now.close()
    now = await open()
    expect(await now.broker.log.recover('a', { ...position, offset: 13 }, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(now.reported).toEqual(['availability'])
  })

  it('REC-7: a damaged row of a channel is not believed', async () => {
    let now = await open()
    const name = 'a-channel-with-a-name-of-its-own'
    await fill(now, name, 20)
    await fill(now, 'b', 20)
    const [a, b] = [await now.broker.log.position(name), await now.broker.log.position('b')]
    await now.close()
    alter('staywire.db', (bytes) => flip(bytes, bytes.indexOf(name) + name.length + 4))
    now = await open()
    expect(await now.broker.log.recover(name, a, CAPS)).toMatchObject({ outcome: 'gap', why: 'epoch' })
    expect(event('damaged')).toMatchObject({ channel: name, why: 'its row failed its check' })
    await expectHonest(now, [{ channel: name, number: 20, ...a }])
    expect(await now.broker.log.recover('b', b, CAPS)).toMatchObject({ outcome: 'recovered' })
  })

  it('that is not a database any more is set aside, and the store begins anew', async () => {
    let now = await open()
    await fill(now, 'c0', 20)
    const position = await now.broker.log.position('c0')
    await now.close()
    alter('staywire.db', (bytes) => bytes.fill(0x55, 0, 4_096))
    now = await open()
    expect(event('set-aside')).toMatchObject({ file: 'staywire.db.damaged' })
    expect(existsSync(file('staywire.db.damaged'))).toBe(true)
    await expectHonest(now, [{ channel: 'c0', number: 20, ...position }])
    await now.close()
    now = await open()
    expect(now.reported).toEqual(['availability'])
  })

  it('found while it is in use is set aside without a restart', async () => {
    let now = await open()
    for (let channel = 0; channel < 200; channel++) await fill(now, `c${channel}`, 5)
    const position = await now.broker.log.position('c150')
    await now.close()
    const db = new DatabaseSync(file('staywire.db'))
    const root = Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'channels'").get()?.['rootpage'])
    db.close()
    alter('staywire.db', (bytes) => bytes.fill(0x55, (root - 1) * 4_096, root * 4_096))
    now = await open()
    await expect(now.broker.log.position('c150')).rejects.toMatchObject({ code: 'storage-unavailable' })
    await until(() => now.broker.available, 'the store to be back')
    expect(now.reported).toEqual(expect.arrayContaining(['set-aside']))
    expect(now.heard).toContainEqual({ discontinued: undefined })
    await expectHonest(now, [{ channel: 'c150', number: 5, ...position }])
  })

  it('gives up a broken page, and takes over everything else with its epochs', async () => {
    let now = await open()
    const channels = Array.from({ length: 300 }, (_, index) => `channel-number-${String(index).padStart(4, '0')}`)
    for (const channel of channels) await fill(now, channel, 3)
    const positions = new Map<string, { epoch: string; offset: number }>()
    for (const channel of channels) positions.set(channel, await now.broker.log.position(channel))
    await now.close()
    alter('staywire.db', (bytes) => {
      const page = Math.floor(bytes.lastIndexOf('channel-number-0150') / 4_096)
      bytes.fill(0, page * 4_096, (page + 1) * 4_096)
    })
    now = await open()
    for (const channel of channels) await now.broker.log.position(channel).catch(() => undefined)
    await until(() => now.broker.available && event('set-aside') !== undefined, 'the store to be back')
    expect(event('set-aside')).toMatchObject({ file: 'staywire.db.damaged', channels: expect.any(Number) })
    let kept = 0
    for (const [channel, position] of positions) {
      const recovery = await now.broker.log.recover(channel, { ...position, offset: 1 }, CAPS)
      if (recovery.outcome === 'recovered') kept++
      else expect(recovery).toMatchObject({ why: 'epoch', position: { offset: 0 } })
    }
    expect(kept).toBeGreaterThan(200)
    expect(kept).toBeLessThan(300)
    await now.close()
    now = await open()
    expect(now.reported).toEqual(['availability'])
  })

  it(
    'with fifty flipped bytes anywhere is survived, and never shows a publication that was not made',
    { timeout: 180_000 },
    async () => {
      let now = await open()
      const data = (channel: string, number: number) => `${channel} ${number} `.repeat(40)
      for (let number = 1; number <= 30; number++) {
        const channels = Array.from({ length: 20 }, (_, index) => `c${index}`)
        await Promise.all(
          channels.map((channel) => now.broker.log.append(entry(channel, data(channel, number), { from: 'ada' }))),
        )
      }
      const made = new Map(
        now.heard.map((one) =>
          'publication' in one ? [`${one.channel} ${one.publication.offset}`, one.publication] : ['', undefined],
        ),
      )
      await now.close()
      const pristine = readFileSync(file('staywire.db'))
      let seed = 12_345
      for (let round = 0; round < 10; round++) {
        const bytes = Buffer.from(pristine)
        for (let count = 0; count < 5; count++) {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
          flip(bytes, seed % bytes.length)
        }
        rmSync(directory, { recursive: true })
        world = await StoreWorld.open({ directory: mkdirOf(directory, bytes), now: Date.now })
        now = world
        for (let channel = 0; channel < 20; channel++) {
          const page = await now.broker.log.history(`c${channel}`, { limit: 100 }).catch(() => undefined)
          for (const one of page?.publications ?? []) expect(one).toEqual(made.get(`c${channel} ${one.offset}`))
        }
        await until(() => now.broker.available, `round ${round} to be available`)
        positionOf(await now.broker.log.append(entry('c0', 'after')))
        await now.close()
      }
    },
  )
})

/** The directory with that database in it. */
function mkdirOf(path: string, database: Buffer): string {
  mkdirSync(path)
  writeFileSync(join(path, 'staywire.db'), database)
  return path
}
