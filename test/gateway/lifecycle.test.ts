// How a gateway comes up, says that it is there, and goes away.

import { expect, it } from 'vitest'
import { Peer } from '../conformance/harness/peer.ts'
import { start, token } from './harness/command.ts'
import { gatewayForTest, pause, SECRET, USUAL, type Gateway } from './harness/gateway.ts'

const HOUR = '3600000'

async function statusOf(gateway: Gateway, path: string): Promise<number> {
  return (await fetch(`${gateway.url}${path}`)).status
}

it('says one line on stdout when it is ready, and logs JSON on stderr', async () => {
  const gateway = await gatewayForTest(USUAL)
  expect(await statusOf(gateway, '/health/live')).toBe(200)
  expect(await statusOf(gateway, '/health/ready')).toBe(200)
  expect(await statusOf(gateway, '/realtime/health')).toBe(200)
  const { code, stdout, stderr } = await gateway.stop()
  expect({ code, stdout }).toEqual({ code: 0, stdout: `staywire listening on ${gateway.url}\n` })
  const lines = stderr.trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['listening', 'draining', 'ended'])
})

it('serves the path and the host that it is told to', async () => {
  const gateway = await gatewayForTest([...USUAL, '--path', '/live', '--host', 'localhost'])
  expect(gateway.url).toMatch(/^http:\/\/localhost:\d+$/)
  expect(await statusOf(gateway, '/live/health')).toBe(200)
  expect(await statusOf(gateway, '/realtime/health')).toBe(404)
  const peer = await gateway.open({}, '/live')
  peer.send({ type: 'connect', id: 1, token: await token('ada', SECRET) })
  expect(await peer.take('connected')).toMatchObject({ user: 'ada' })
})

it.each(['SIGTERM', 'SIGINT'] as const)('ends within a second on %s when nobody is there', async (signal) => {
  const gateway = await gatewayForTest([...USUAL, '--drain-ms', HOUR])
  const before = performance.now()
  gateway.signal(signal)
  expect((await gateway.ended).code).toBe(0)
  expect(performance.now() - before).toBeLessThan(1_000)
})

it('ends although HTTP clients keep their connections open', async () => {
  const gateway = await gatewayForTest(USUAL)
  for (let count = 0; count < 5; count++) await gateway.api('GET', '/api/v1/connections')
  expect((await gateway.stop()).code).toBe(0)
})

it('sends clients away with 4101 when it drains, and ends as soon as nobody is left', async () => {
  const gateway = await gatewayForTest([...USUAL, '--drain-ms', '500'])
  const ada = await gateway.connect(await token('ada', SECRET))
  const stopped = gateway.stop()
  expect(await ada.take('disconnect')).toMatchObject({ code: 4101 })
  expect(await ada.ended).toMatchObject({ code: 4101 })
  expect((await stopped).code).toBe(0)
})

it('is not ready and takes nobody new while it drains, and ends early when clients leave by themselves', async () => {
  const gateway = await gatewayForTest([...USUAL, '--drain-ms', HOUR])
  const adas = await token('ada', SECRET)
  // Spread over an hour, none of a hundred is sent away within the first moments.
  const peers = await Promise.all(Array.from({ length: 5 }, () => gateway.connect(adas)))
  gateway.signal('SIGTERM')
  await gateway.logged(({ msg }) => msg === 'draining')
  expect(await statusOf(gateway, '/health/ready')).toBe(503)
  expect(await statusOf(gateway, '/realtime/health')).toBe(503)
  expect(await statusOf(gateway, '/health/live')).toBe(200)
  await expect(Peer.connect(`${gateway.url.replace('http', 'ws')}/realtime`, adas)).rejects.toThrow('503')
  for (const peer of peers) peer.drop()
  expect((await gateway.ended).code).toBe(0)
})

it('ends at once on a second signal, but not on the same one passed on by whoever started it', async () => {
  const gateway = await gatewayForTest([...USUAL, '--drain-ms', HOUR])
  const adas = await token('ada', SECRET)
  await Promise.all(Array.from({ length: 5 }, () => gateway.connect(adas)))
  gateway.signal('SIGINT')
  await gateway.logged(({ msg }) => msg === 'draining')
  gateway.signal('SIGINT')
  await pause(700)
  expect(await statusOf(gateway, '/health/live')).toBe(200)
  gateway.signal('SIGINT')
  expect((await gateway.ended).code).toBe(130)
})

it('warns about secrets that can be guessed and variables that mean nothing', async () => {
  const gateway = await gatewayForTest(['--jwt-secret', 'short', '--admin-key', 'brief'], { STAYWIRE_PROT: '1' })
  await gateway.logged(({ msg }) => msg === 'listening')
  const warnings = gateway.log.filter(({ level }) => level === 'warn').map(({ msg }) => msg)
  expect(warnings).toEqual([
    'STAYWIRE_PROT is no setting and is ignored',
    expect.stringMatching(/^the JWT secret has fewer than 32 bytes/),
    expect.stringMatching(/^the admin key has fewer than 16 characters/),
  ])
})

it('goes on when nobody reads what it says', async () => {
  const run = start(['serve', '--port', '0', ...USUAL])
  while (!run.said.stdout.includes('\n')) await pause()
  const url = /http:\S+/.exec(run.said.stdout)?.[0] ?? ''
  run.child.stdout.destroy()
  run.child.stderr.destroy()
  const adas = await token('ada', SECRET)
  for (let count = 0; count < 3; count++) (await Peer.connect(`${url.replace('http', 'ws')}/realtime`, adas)).drop()
  await pause(100)
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  run.child.kill('SIGTERM')
  expect((await run.ended).code).toBe(0)
})

it('ends with exit code 1 and one clear line when something happens that nobody foresaw', async () => {
  const planted = "process.on('SIGUSR2', () => { throw new Error('planted') })"
  const gateway = await gatewayForTest(USUAL, {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(planted)}`,
  })
  gateway.signal('SIGUSR2')
  const { code, stderr } = await gateway.ended
  expect(code).toBe(1)
  expect(stderr.trimEnd().split('\n').at(-1)).toBe('staywire: crashed: planted')
  expect(gateway.log.at(-1)).toMatchObject({ level: 'error', msg: 'crashed', err: { message: 'planted' } })
})
