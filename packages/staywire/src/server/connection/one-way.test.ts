import { expect, it } from 'vitest'
import { LoneConnection } from '../../testing/lone-connection.ts'

/** A client that is greeted, past the handshake. */
function greeted(oneWay: boolean): LoneConnection {
  const lone = new LoneConnection({ heartbeat: { enabled: false } }, { bare: { channels: [], oneWay } })
  lone.connection.greet({}, 0)
  lone.answer(1, { kind: 'identity', identity: { user: 'ada' }, expiresInMs: undefined })
  lone.answer(2, { kind: 'admitted', session: undefined, resumed: false, previous: undefined })
  lone.answer(3, { kind: 'position', position: { epoch: 'e', offset: 0 } })
  return lone
}

it('SSE-9: a client that can only listen is sent elsewhere after five minutes, less a random part of a tenth', () => {
  const lone = greeted(true)
  expect(lone.passTo(270_029)).toEqual([])
  expect(lone.passTo(270_031)).toEqual([expect.objectContaining({ type: 'close', code: 4107, told: true })])
})

it('SSE-9: a client that can answer stays', () => {
  expect(greeted(false).passTo(10_000_000)).toEqual([])
})
