// What `inspect()` shows, from what pages say.

import { describe, expect, it } from 'vitest'
import type { PageReport } from './report.ts'
import { inspection } from './report.ts'

const page = (names: Partial<PageReport>): PageReport => ({
  tab: 't1',
  page: 'p1',
  user: 'ada',
  visible: true,
  status: 'connected',
  connection: 'c1',
  sharing: { placement: 'shared-worker', tabs: 2, owner: 'o1' },
  components: [],
  ...names,
})

describe('inspection', () => {
  it('has one’s own page first, then the others tab by tab, frames with the page that holds them', () => {
    const mine = page({ tab: 't2', page: 'p3' })
    const others = [page({}), page({ page: 'p2', visible: false })]
    const { connections, tabs } = inspection(mine, others)
    expect(connections).toEqual(['c1'])
    expect(tabs.map(({ tab, here, pages }) => [tab, here, pages.map((it) => [it.page, it.here, it.visible])])).toEqual([
      ['t2', true, [['p3', true, true]]],
      [
        't1',
        false,
        [
          ['p1', false, true],
          ['p2', false, false],
        ],
      ],
    ])
  })

  it('leaves out what is another user’s, and what the page itself has answered', () => {
    const { connections, tabs } = inspection(page({}), [page({ connection: 'c9' }), page({ page: 'p2', user: 'eve' })])
    expect([connections, tabs.length]).toEqual([['c1'], 1])
  })

  it('shows every connection there is, and none for a page that is not connected', () => {
    const lost = page({ page: 'p3', tab: 't3', connection: undefined, status: 'waiting' })
    const { connections } = inspection(page({}), [page({ page: 'p2', tab: 't2', connection: 'c2' }), lost])
    expect(connections).toEqual(['c1', 'c2'])
  })
})
