// `staywire doctor` against real gateways, and what stands between: it names what breaks, and its exit code can be relied on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staywire, token } from './harness/command.ts'
import { type Gateway, gatewayForTest, startGateway } from './harness/gateway.ts'
import { buffering, compressing, forgetting, narrow, untrusted, withoutUpgrades } from './harness/middlebox.ts'

const SECRET = 'a secret for the doctor, of forty letters'
/** The page that connects. */
const PAGE = 'https://app.example'

interface Answer {
  readonly code: number | null
  /** Verdicts by check; the first of each name counts. */
  readonly verdicts: Readonly<Record<string, string>>
  readonly fix: (check: string) => string | undefined
  readonly says: (check: string) => string
}

const FLAGS = ['--allow-origin', PAGE]
const VARIABLES = { STAYWIRE_JWT_SECRET: SECRET }

/** A gateway that nothing is wrong with, and a token for it. */
let well: Gateway
let ada: { readonly token: string }

beforeAll(async () => {
  ada = { token: await token('ada', SECRET) }
  well = await startGateway(FLAGS, VARIABLES)
})
afterAll(() => well.stop())

/** Sees the doctor about a URL, as a page that may come. */
async function examine(server: string, signIn: { readonly token?: string }, ...args: string[]): Promise<Answer> {
  const signedIn = signIn.token === undefined ? [] : ['--token', signIn.token]
  const flags = ['--json', '--timeout', '2s', '--idle', '0', '--origin', PAGE, ...signedIn, ...args]
  const { code, stdout } = await staywire(['doctor', `${server}/realtime`, ...flags], {})
  const { diagnoses } = JSON.parse(stdout) as {
    diagnoses: { check: string; verdict: string; says: string; fix?: string }[]
  }
  const find = (check: string) => diagnoses.find((diagnosis) => diagnosis.check === check)
  return {
    code,
    verdicts: Object.fromEntries(diagnoses.toReversed().map(({ check, verdict }) => [check, verdict])),
    fix: (check) => find(check)?.fix,
    says: (check) => find(check)?.says ?? '',
  }
}

const ALL_WELL = {
  name: 'ok',
  tls: 'ok',
  health: 'ok',
  websocket: 'ok',
  sse: 'ok',
  poll: 'ok',
  origin: 'ok',
  'frame-size': 'ok',
  buffering: 'ok',
}

describe('staywire doctor', () => {
  it('finds nothing wrong with a gateway that is well, idle connections included', async () => {
    const { code, verdicts } = await examine(well.url, ada, '--idle', '1s')
    expect([code, verdicts]).toEqual([0, { ...ALL_WELL, idle: 'ok' }])
  })

  it('says in text what it says in JSON, and counts', async () => {
    const { code, stdout } = await staywire(['doctor', `${well.url}/realtime`, '--idle', '0', '--token', ada.token], {})
    expect([code, stdout.split('\n').at(-2)]).toEqual([0, 'no problems, no warnings'])
    expect(stdout).toMatch(/^ok {7}websocket {3}Connected as ada in \d+ ms/m)
  })

  it('asks for a token where one is needed, and complains about one that is no good', async () => {
    const without = await examine(well.url, {})
    expect([without.code, without.verdicts['websocket'], without.fix('websocket')]).toEqual([
      0,
      'warning',
      expect.stringContaining('--token'),
    ])
    const bad = await examine(well.url, { token: 'no.good.token' })
    expect([bad.code, bad.verdicts['sse'], bad.says('sse')]).toEqual([1, 'problem', expect.stringContaining('4002')])
  })

  it('knows a page that may not come, and how to let it', async () => {
    const { code, fix } = await examine(well.url, ada, '--origin', 'https://other.example')
    expect([code, fix('websocket')]).toEqual([1, expect.stringContaining('--allow-origin https://other.example')])
  })

  it('knows a proxy that does not pass upgrades on: the other transports work', async () => {
    const { code, verdicts, fix } = await examine(await withoutUpgrades(well.port), ada)
    expect([code, verdicts]).toEqual([1, { ...ALL_WELL, websocket: 'problem', origin: 'skipped' }])
    expect(fix('websocket')).toContain('proxy_set_header Upgrade')
  })

  it('knows a proxy that buffers', async () => {
    const { code, verdicts, fix } = await examine(await buffering(well.port), ada)
    expect([code, verdicts['sse'], verdicts['poll']]).toEqual([1, 'problem', 'ok'])
    expect(fix('sse')).toContain('proxy_buffering off')
  })

  it('knows a proxy that compresses event streams', async () => {
    const { verdicts, fix } = await examine(await compressing(well.port), ada)
    expect([verdicts['buffering'], fix('buffering')]).toEqual(['warning', expect.stringContaining('gzip off')])
  })

  it('finds out after how much silence something cuts, and which heartbeat would survive it', async () => {
    const quiet = await gatewayForTest([...FLAGS, '--heartbeat-interval-ms', '60000'], VARIABLES)
    const { code, verdicts, says, fix } = await examine(await forgetting(quiet.port, 2_500), ada, '--idle', '20s')
    expect([code, verdicts['idle'], says('idle')]).toEqual([
      1,
      'problem',
      expect.stringMatching(/cut after (2|3)\.\d s of silence/),
    ])
    expect(fix('idle')).toContain('--heartbeat-interval-ms 1000')
  })

  it('knows when something lets only small frames through', async () => {
    const { code, verdicts } = await examine(await narrow(well.port, 20_000), ada)
    expect([code, verdicts['websocket'], verdicts['frame-size']]).toEqual([1, 'ok', 'problem'])
  })

  it('stops at a certificate that no browser trusts', async () => {
    const { code, verdicts } = await examine(await untrusted(well.port), ada)
    expect([code, verdicts]).toEqual([1, { name: 'ok', tls: 'problem' }])
  })

  it('tells a wrong path from a server that is not there', async () => {
    const wrong = await examine(`${well.url}/wrong`, ada)
    expect([wrong.code, wrong.says('health')]).toEqual([1, expect.stringContaining('answered 404')])
    const ending = await gatewayForTest(FLAGS, VARIABLES)
    await ending.stop()
    const gone = await examine(ending.url, ada)
    expect([gone.code, gone.verdicts]).toEqual([1, { name: 'ok', tls: 'ok', health: 'problem' }])
  })

  it.each([
    [['doctor'], "missing required argument 'URL'"],
    [['doctor', 'ftp://example'], 'is no URL like'],
    [['doctor', 'http://localhost', '--idle', 'soon'], 'allowed: a duration'],
  ])('%j is a mistake in one line', async (args, complaint) => {
    const { code, stderr } = await staywire(args, {})
    expect([code, stderr]).toEqual([2, expect.stringContaining(complaint)])
  })
})
