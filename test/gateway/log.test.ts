// What stands in the log, and what never does.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { staywire, token } from './harness/command.ts'
import { ADMIN_KEY, eventually, gatewayForTest, SECRET, USUAL } from './harness/gateway.ts'

it('has one line at connect and one at close, with who, from where, how long and why', async () => {
  const gateway = await gatewayForTest(USUAL)
  const peer = await gateway.connect(await token('ada', SECRET), { origin: { browser: 'b1', label: 'inbox' } })
  const { connection } = peer.connected
  await gateway.api('DELETE', `/api/v1/connections/${String(connection)}`)
  await gateway.logged(({ msg }) => msg === 'closed')
  const facts = { connection, user: 'ada', address: '127.0.0.1', transport: 'websocket' }
  const about = gateway.log.filter((line) => line['connection'] === connection)
  expect(about).toEqual([
    expect.objectContaining({ ...facts, level: 'info', msg: 'connected', origin: { browser: 'b1', label: 'inbox' } }),
    expect.objectContaining({
      ...facts,
      level: 'info',
      msg: 'closed',
      code: 4502,
      class: 'final',
      by: 'server',
      durationMs: expect.any(Number) as number,
      cause: expect.stringMatching(/operator/) as string,
    }),
  ])
})

it('has a line with the cause for clients that leave, that vanish and that never connected', async () => {
  const gateway = await gatewayForTest(USUAL)
  const adas = await token('ada', SECRET)
  const leaving = await gateway.connect(adas)
  leaving.send({ type: 'disconnect', end: true })
  await leaving.ended
  ;(await gateway.connect(adas)).drop()
  const stranger = await gateway.open()
  stranger.send({ type: 'connect', id: 1, token: 'x' })
  await stranger.ended
  await gateway.open({ headers: { origin: 'https://evil.example' } }).catch(() => undefined)
  expect(await gateway.logged(({ by }) => by === 'client')).toMatchObject({
    cause: expect.stringMatching(/client ended it/) as string,
  })
  expect(await gateway.logged(({ by }) => by === 'network')).toMatchObject({
    class: 'network',
    cause: expect.stringMatching(/link broke/) as string,
  })
  expect(await gateway.logged(({ msg }) => msg === 'closed before it was connected')).toMatchObject({
    level: 'warn',
    code: 4002,
  })
  expect(await gateway.logged(({ msg }) => msg === 'refused')).toMatchObject({
    level: 'warn',
    status: 403,
    cause: 'origin',
  })
})

it('HB-3: has a warning for each missed ping, then the close', async () => {
  const heartbeat = ['--heartbeat-interval-ms', '200', '--heartbeat-timeout-ms', '100', '--heartbeat-max-missed', '2']
  const gateway = await gatewayForTest([...USUAL, ...heartbeat])
  const mute = await gateway.connect(await token('ada', SECRET))
  expect((await mute.ended).code).toBe(4102)
  await gateway.logged(({ code }) => code === 4102)
  const missed = gateway.log.filter(({ msg }) => msg === 'ping missed')
  const who = { connection: mute.connected['connection'], user: 'ada', address: '127.0.0.1' }
  expect(missed).toMatchObject([
    { level: 'warn', missed: 1, ...who },
    { level: 'warn', missed: 2, ...who },
  ])
  expect(await gateway.logged(({ msg }) => msg === 'swept')).toMatchObject({ level: 'info', connections: 1 })
})

it('never has a token, a key, a secret or what was published, however they came', async () => {
  const gateway = await gatewayForTest([...USUAL, '--log-level', 'debug'])
  const good = await token('ada', SECRET, '--expires', '30m')
  const others = ['bad-token-1', 'bad-token-2', 'bad-token-3', 'bad-token-4', 'bad-key-5', 'private-words-6']
  ;(await gateway.connect(good)).drop()
  const failing = async (
    given: string | undefined,
    headers: Record<string, string> = {},
    protocols = ['staywire.v1'],
    path = '/realtime',
  ) => {
    const peer = await gateway.open({ headers, protocols }, path)
    peer.send({ type: 'connect', id: 1, ...(given !== undefined && { token: given }) })
    await peer.ended
  }
  await failing('bad-token-1')
  await failing(undefined, { authorization: 'Bearer bad-token-2', cookie: 'token=bad-token-2' })
  await failing(undefined, {}, ['staywire.v1', `staywire.token.${Buffer.from('bad-token-3').toString('base64url')}`])
  await failing(undefined, {}, ['staywire.v1'], '/realtime?token=bad-token-4')
  await gateway.api('GET', '/api/v1/connections?key=bad-key-5', undefined, { authorization: 'Bearer bad-key-5' })
  await gateway.api('POST', '/api/v1/publish', '{"private-words-6"')
  await gateway.api('POST', '/api/v1/publish', { channel: 'a', data: 'private-words-6' })
  await eventually(() => gateway.log.filter(({ msg }) => msg === 'closed before it was connected').length >= 4)
  const { stdout, stderr } = await gateway.stop()
  for (const secret of [SECRET, ADMIN_KEY, good, ...good.split('.').slice(1), ...others]) {
    expect(stdout + stderr).not.toContain(secret)
    expect(stdout + stderr).not.toContain(Buffer.from(secret).toString('base64url'))
  }
})

it('has nothing below the level that was asked for', async () => {
  const gateway = await gatewayForTest([...USUAL, '--log-level', 'silent'])
  ;(await gateway.connect(await token('ada', SECRET))).drop()
  expect((await gateway.stop()).stderr).toBe('')
})

it('is in files too where these are wanted, with errors apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'staywire-gateway-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const gateway = await gatewayForTest([...USUAL, '--log-dir', join(folder, 'logs')])
  ;(await gateway.connect(await token('ada', SECRET))).drop()
  await gateway.logged(({ msg }) => msg === 'closed')
  const { stderr } = await gateway.stop()
  const read = (name: string) => readFileSync(join(folder, 'logs', name), 'utf8')
  expect(read('websocket.log')).toBe(stderr)
  expect(read('websocket.log')).toContain('"msg":"connected"')
  expect(read('error.log')).toBe('')
})

it('says in one line why files cannot be written, and ends', async () => {
  const { code, stdout, stderr } = await staywire(['serve', ...USUAL, '--log-dir', '/dev/null/logs'])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^staywire: --log-dir \/dev\/null\/logs cannot be written to: .+\n$/)
})
