import { beforeEach, expect, it } from 'vitest'
import { StaywireError } from '../../protocol/error-code.ts'
import { route } from '../http/route.ts'
import { word } from '../http/field.ts'
import { ADMIN_CHANNELS, ADMIN_QUESTIONS } from './admin-channels.ts'
import { AdminFeed } from './admin-feed.ts'
import { tellOperators } from './tell-operators.ts'

let findings: unknown
let asked: string[]
let changes: number
let feed: AdminFeed

beforeEach(() => {
  findings = []
  asked = []
  changes = 0
  const lang = word(['en', 'zh'], 'Language.')
  const answering = (path: string) =>
    route({
      method: 'GET',
      path,
      about: 'Test.',
      query: { lang, samples: lang },
      handle: ({ query }) => {
        asked.push(`${path} ${query.lang}`)
        return { findings }
      },
    })
  feed = new AdminFeed([answering('/api/v1/findings'), answering('/api/v1/alerts')], () => changes)
})

const EN = '$admin:findings:en'
const CHANGES = '$admin:connections'

it('asks only what somebody looks at, and tells an answer once', async () => {
  expect(await feed.news(new Set(['chat:1']), 0)).toEqual([])
  expect(asked).toEqual([])
  expect(await feed.news(new Set([EN]), 1_000)).toEqual([{ channel: EN, data: { findings: [] } }])
  expect(await feed.news(new Set([EN]), 2_000)).toEqual([])
  findings = ['a leak']
  expect(await feed.news(new Set([EN]), 3_000)).toEqual([{ channel: EN, data: { findings } }])
  expect(asked).toEqual(Array.from({ length: 3 }, () => '/api/v1/findings en'))
})

it('tells whoever looks again, though nothing has changed since', async () => {
  await feed.news(new Set([EN]), 0)
  expect(await feed.news(new Set(), 1_000)).toEqual([])
  expect(await feed.news(new Set([EN]), 2_000)).toHaveLength(1)
})

it('says that there is something new about connections, and not more often than every two seconds', async () => {
  const looked = new Set([CHANGES])
  expect(await feed.news(looked, 0)).toEqual([{ channel: CHANGES, data: null }])
  changes++
  expect(await feed.news(looked, 1_000)).toEqual([])
  expect(await feed.news(looked, 2_000)).toEqual([{ channel: CHANGES, data: null }])
  expect(await feed.news(looked, 9_000)).toEqual([])
})

it('publishes what is too large as nothing, and minds no server that is gone', async () => {
  const told: unknown[] = []
  const operators = {
    stats: () => ({ connections: 1 }),
    channels: () => [{ channel: EN, subscribers: 1 }],
    publish: async (channel: string, data: unknown) => {
      if (data !== null) throw new StaywireError('payload-too-large', 'Too much.')
      told.push([channel, data])
    },
  }
  await tellOperators(operators, feed, 0)
  expect(told).toEqual([[EN, null]])
  const gone = { ...operators, publish: () => Promise.reject(new StaywireError('closed', 'Gone.')) }
  findings = ['a leak']
  await expect(tellOperators(gone, feed, 1_000)).resolves.toBeUndefined()
})

it('has a rule for each channel, by its full name', () => {
  expect(Object.keys(ADMIN_CHANNELS).toSorted()).toEqual([...Object.keys(ADMIN_QUESTIONS), CHANGES].toSorted())
  for (const rule of Object.values(ADMIN_CHANNELS)) expect(rule).toMatchObject({ subscribe: true, publish: false })
})
