import { expect, it } from 'vitest'
import { LoneConnection } from '../../testing/lone-connection.ts'

const asked = (outputs: ReturnType<LoneConnection['say']>): number =>
  outputs.find((output) => output.type === 'ask')?.ticket ?? 0

it('SUB-5: a decision that came too late decides nothing else', () => {
  const lone = new LoneConnection()
  lone.connect()
  lone.passTo(20_000)
  const late = asked(lone.say({ type: 'subscribe', id: 2, channel: 'public' }))
  lone.passTo(lone.now + 6_000)
  const other = asked(lone.say({ type: 'subscribe', id: 3, channel: 'secret' }))
  expect(lone.answer(late, { kind: 'allowed', allowed: true })).toEqual([])
  expect(lone.answer(other, { kind: 'allowed', allowed: false })).toEqual([
    { type: 'send', frame: expect.objectContaining({ type: 'error', id: 3, code: 'forbidden' }) },
  ])
})

it('SUB-5, AUTH-5: what was allowed to an identity that was refreshed meanwhile is asked again', () => {
  const lone = new LoneConnection()
  lone.connect()
  const first = asked(lone.say({ type: 'subscribe', id: 2, channel: 'secret' }))
  const refresh = asked(lone.say({ type: 'refresh', id: 3, token: 'narrower' }))
  lone.answer(refresh, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
  const again = lone.answer(first, { kind: 'allowed', allowed: true })
  expect(again).toMatchObject([{ type: 'ask', ask: { kind: 'authorize', action: 'subscribe', channel: 'secret' } }])
  expect(lone.answer(asked(again), { kind: 'allowed', allowed: false })).toMatchObject([
    { type: 'send', frame: { type: 'error', id: 2, code: 'forbidden' } },
  ])
})
