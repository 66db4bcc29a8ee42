// Disks that fail under a running store: it says so instead of acknowledging, and is back when they are, without a restart.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAndKill } from './harness/kill.ts'
import { CAPS, entry, fill, positionOf, StoreWorld, until } from './harness/store-world.ts'

/** Whether a command works here: mounts need root, and strace has to be installed and allowed. */
function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

const canMount = works('unshare', '--mount', 'true') && process.getuid?.() === 0
const canTrace = works('strace', '-f', '-e', 'trace=none', 'true')

let directory: string
let world: StoreWorld | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'staywire-fault-'))
})
afterEach(async () => {
  await world?.close()
  world = undefined
  if (canMount) spawnSync('umount', [directory], { stdio: 'ignore' })
  rmSync(directory, { recursive: true, force: true })
})

async function open(more: { maxBytes?: number; deadlineMs?: number } = {}): Promise<StoreWorld> {
  world = await StoreWorld.open({ directory, now: Date.now, ...more })
  return world
}

describe.runIf(canMount)('a full disk', () => {
  it('PUB-14: refuses what does not fit, keeps serving, loses nothing, and takes more when there is space again', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', directory])
    const now = await open()
    await fill(now, 'a', 50)
    const filler = join(directory, 'filler')
    writeFileSync(filler, Buffer.alloc(5_000_000))
    const acknowledged: number[] = []
    let refused = 0
    for (let number = 0; number < 400 && refused < 5; number++) {
      const appended = await now.broker.log.append(entry('b', `${number} ${'x'.repeat(20_000)}`, { key: `k${number}` }))
      if (appended.stored) acknowledged.push(number)
      else {
        refused++
        expect(appended).toMatchObject({ code: 'storage-unavailable', retryAfterMs: expect.any(Number) })
      }
    }
    expect(refused).toBe(5)
    expect(now.broker.available).toBe(false)
    expect(now.reported).toContain('availability')
    const a = await now.broker.log.position('a')
    expect(await now.broker.log.recover('a', { ...a, offset: 40 }, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(await now.broker.log.history('a', { after: 0, limit: 50 })).toMatchObject({ publications: { length: 50 } })

    rmSync(filler)
    await until(() => now.broker.available, 'the store to take publications again')
    const again = await now.broker.log.append(entry('b', 'after', { key: 'after' }))
    expect(positionOf(again).offset).toBe(acknowledged.length + 1)
    await now.reopen()
    const position = await now.broker.log.position('b')
    expect(position.offset).toBe(acknowledged.length + 1)
    expect(now.reported).not.toContain('rolled-back')
  })
})

describe.runIf(canMount)('a disk that is full when a key of a memory channel has to be noted', () => {
  it('PUB-14: is back when there is space again', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', directory])
    const now = await open({ deadlineMs: 500 })
    const filler = join(directory, 'filler')
    expect(() => writeFileSync(filler, Buffer.alloc(9_000_000))).toThrow('ENOSPC')
    const memory = { durability: 'memory', history: { size: 10, ttlMs: 60_000 } } as const
    expect(await now.broker.log.append(entry('memory:a', 1, { key: 'k', retention: memory }))).toMatchObject({
      stored: true,
    })
    expect(now.broker.available).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    rmSync(filler)
    await until(() => now.broker.available, 'the store to take publications again')
    positionOf(await now.broker.log.append(entry('b', 'after')))
  })
})

describe.runIf(canMount)('a disk that may only be read', () => {
  it('is refused at the start, in one line', async () => {
    const now = await open()
    await now.close()
    execFileSync('mount', ['--bind', directory, directory])
    execFileSync('mount', ['-o', 'remount,ro,bind', directory])
    await expect(open()).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: expect.stringContaining(`The data directory ${directory} cannot be used: `),
    })
  })
})

describe.runIf(canTrace)('a disk whose flush fails', () => {
  it(
    'PUB-1, PUB-14: acknowledges nothing that was not flushed, and goes on with a reopened store',
    { timeout: 120_000 },
    async () => {
      const told = await runAndKill({
        directory,
        inFlight: 4,
        channels: 2,
        acknowledgements: 150,
        under: [
          'strace',
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-e',
          'trace=fdatasync,fsync',
          '-e',
          'inject=fdatasync,fsync:error=EIO:when=40..43',
        ],
      })
      const stored = told.filter(({ offset }) => offset !== undefined)
      const refused = told.filter(({ offset }) => offset === undefined)
      expect(refused.length).toBeGreaterThan(0)
      expect(refused.every((one) => 'code' in one && one.code === 'storage-unavailable')).toBe(true)
      expect(stored.length).toBeGreaterThan(50)

      const now = await open()
      expect(now.reported).toEqual(['availability'])
      const kept = new Map<string, string>()
      for (const channel of ['c0', 'c1']) {
        const { publications, position } = await now.broker.log.history(channel, { limit: 1_000 })
        for (const { offset, data } of publications) kept.set(`${channel} ${position.epoch}:${offset}`, data)
        expect(publications.map(({ offset }) => offset)).toEqual(publications.map((_, index) => index + 1))
      }
      for (const { channel, epoch, offset, number } of stored)
        expect(kept.get(`${channel} ${epoch}:${offset}`)).toBe(String(number))
      const refusedNumbers = new Set(refused.map(({ number }) => String(number)))
      expect([...kept.values()].filter((data) => refusedNumbers.has(data))).toEqual([])
    },
  )
})

describe('a store that is as large as it may be', () => {
  it('deletes the oldest publications of all channels and takes new ones', { timeout: 120_000 }, async () => {
    world = await StoreWorld.open({ directory, now: Date.now, maxBytes: 4_194_304 })
    const now = world
    const retention = { durability: 'disk', history: { size: 100_000, ttlMs: 86_400_000 } } as const
    for (let round = 0; round < 60; round++) {
      const appended = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          now.broker.log.append(entry(`c${index % 8}`, 'x'.repeat(4_000), { retention })),
        ),
      )
      for (const one of appended) positionOf(one)
      now.broker.expire(Date.now())
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    await now.reopen() // what is in memory may be more than what is on disk
    const position = await now.broker.log.position('c0')
    expect(position.offset).toBe(300)
    expect(await now.broker.log.recover('c0', { ...position, offset: 1 }, CAPS)).toMatchObject({ why: 'trimmed' })
    expect(await now.broker.log.recover('c0', { ...position, offset: 280 }, CAPS)).toMatchObject({
      outcome: 'recovered',
    })
    await now.close()
    const size = Number(execFileSync('stat', ['-c', '%s', join(directory, 'staywire.db')]).toString())
    expect(size).toBeLessThan(4_194_304 * 1.5)
  })
})
