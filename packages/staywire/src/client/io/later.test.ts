import { describe, expect, it, vi } from 'vitest'
import { openLater, type LaterLinks } from './later.ts'

function setUp() {
  const link = { send: vi.fn(), abandon: vi.fn() }
  const openHttpLink = vi.fn(() => link)
  let come: (links: LaterLinks) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const load = (): Promise<LaterLinks> =>
    new Promise((resolve, reject) => {
      come = resolve
      fail = reject
    })
  const listener = { opened: vi.fn(), text: vi.fn(), ended: vi.fn() }
  const later = openLater(load, () => 'ws://x/', 'sse', listener, undefined)
  return { later, link, openHttpLink, listener, come: () => come({ openHttpLink }), fail: () => fail(new Error('404')) }
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('a link whose code is not loaded yet', () => {
  it('is opened once it is, and passes everything on', async () => {
    const { later, link, openHttpLink, listener, come } = setUp()
    come()
    await settled()
    expect(openHttpLink.mock.calls).toEqual([['ws://x/', 'sse', listener, undefined]])
    later.send('text')
    later.abandon()
    expect([link.send.mock.calls, link.abandon.mock.calls]).toEqual([[['text']], [[]]])
  })

  it('is never opened when it was abandoned before', async () => {
    const { later, openHttpLink, come } = setUp()
    later.abandon()
    come()
    await settled()
    expect(openHttpLink).not.toHaveBeenCalled()
  })

  it('ends when it does not come, unless nobody wants it any more', async () => {
    const { listener, fail } = setUp()
    fail()
    await settled()
    expect(listener.ended.mock.calls).toEqual([[{ reason: '404' }]])
    const other = setUp()
    other.later.abandon()
    other.fail()
    await settled()
    expect(other.listener.ended).not.toHaveBeenCalled()
  })
})
