// A gateway with a data directory: what it acknowledged is there after any end.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { staywire, token } from './harness/command.ts'
import { eventually, gatewayForTest, SECRET, USUAL } from './harness/gateway.ts'

const RULES = ['--channels', '{"room:*":{"subscribe":true},"quick:*":{"durability":"memory","subscribe":true}}']

function dataForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'staywire-gateway-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'data')
}

it('keeps what it acknowledged through kill -9, and clients recover what they missed', async () => {
  const args = [...USUAL, ...RULES, '--data', dataForTest()]
  const adas = await token('ada', SECRET)
  const first = await gatewayForTest(args)
  const ada = await first.connect(adas)
  const { position } = await ada.ask({ type: 'subscribe', channel: 'room:1' })
  for (let count = 1; count <= 5; count++) {
    expect(
      (await first.api('POST', '/api/v1/publish', { channel: 'room:1', data: count, key: `k${count}` })).status,
    ).toBe(200)
  }
  first.signal('SIGKILL')
  await first.ended

  const second = await gatewayForTest(args)
  const { body } = await second.api('GET', '/api/v1/channels/room:1/history')
  expect(body['publications']).toMatchObject([1, 2, 3, 4, 5].map((data) => ({ offset: data, data })))
  expect((await second.api('POST', '/api/v1/publish', { channel: 'room:1', data: 5, key: 'k5' })).body).toMatchObject({
    position: { offset: 5 },
    duplicate: true,
  })
  const back = await second.connect(adas)
  expect(await back.ask({ type: 'subscribe', channel: 'room:1', position })).toMatchObject({
    outcome: 'recovered',
    recovering: 5,
  })
})

it('says so when it forgets what was only in memory', async () => {
  const args = [...USUAL, ...RULES, '--data', dataForTest()]
  const adas = await token('ada', SECRET)
  const first = await gatewayForTest(args)
  const { position } = await (await first.connect(adas)).ask({ type: 'subscribe', channel: 'quick:1' })
  await first.api('POST', '/api/v1/publish', { channel: 'quick:1', data: 1 })
  expect((await first.stop()).code).toBe(0)
  const second = await gatewayForTest(args)
  const back = await second.connect(adas)
  expect(await back.ask({ type: 'subscribe', channel: 'quick:1', position })).toMatchObject({
    outcome: 'gap',
    gap: { why: 'epoch' },
  })
})

it('answers a data directory in use with one line on stderr and exit code 1', async () => {
  const data = dataForTest()
  await gatewayForTest([...USUAL, '--data', data])
  const { code, stdout, stderr } = await staywire([
    'serve',
    '--port',
    '0',
    '--log-level',
    'silent',
    ...USUAL,
    '--data',
    data,
  ])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(
    /^staywire: the store in [^\n]+ cannot be opened: The data directory [^\n]+ is in use by another process \(pid \d+\)\. [^\n]+\n$/,
  )
})

it('answers a data directory that cannot be one with one line on stderr and exit code 1', async () => {
  const data = dataForTest()
  writeFileSync(data, 'a file')
  const { code, stdout, stderr } = await staywire([
    'serve',
    '--port',
    '0',
    '--log-level',
    'silent',
    ...USUAL,
    '--data',
    data,
  ])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^staywire: [^\n]+\n$/)
  expect(stderr).toContain(data)
})

it('answers 503 to what has no room, and serves on', async () => {
  const full = ['--data-max-bytes', '1048576', '--data-when-full', 'refuse']
  const gateway = await gatewayForTest([...USUAL, ...RULES, '--data', dataForTest(), ...full])
  const publish = (channel: string) => gateway.api('POST', '/api/v1/publish', { channel, data: 'x'.repeat(60_000) })
  let answer = await publish('room:1')
  for (let count = 0; count < 100 && answer.status === 200; count++) answer = await publish('room:1')
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'storage-unavailable' } } })
  expect((await publish('quick:1')).status).toBe(200)
})

it.skipIf(!canMount())('is not ready while its disk takes nothing, and ready again when it does', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'staywire-gateway-disk-'))
  mount(disk, '3m')
  onTestFinished(() => {
    run('umount', '--lazy', disk)
    rmSync(disk, { recursive: true })
  })
  const gateway = await gatewayForTest([...USUAL, ...RULES, '--data', join(disk, 'data')])
  const publish = () => gateway.api('POST', '/api/v1/publish', { channel: 'room:1', data: 'x'.repeat(60_000) })
  const ready = async () => (await fetch(`${gateway.url}/health/ready`)).status
  let answer = await publish()
  for (let count = 0; count < 200 && answer.status === 200; count++) answer = await publish()
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'storage-unavailable' } } })
  await eventually(async () => (await ready()) === 503)
  expect(await gateway.logged(({ msg }) => msg === 'store unavailable')).toMatchObject({ level: 'error' })
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
  run('mount', '-o', 'remount,size=64m', disk)
  await eventually(async () => (await ready()) === 200)
  expect((await publish()).status).toBe(200)
})

function mount(folder: string, size: string): void {
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'ignore' })
}

/** Whether this machine lets us have a disk of our own to fill. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'staywire-gateway-probe-'))
  try {
    mount(folder, '1m')
    run('umount', folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
