// A page that writes down, for its tab and across reloads, every publication it is handed, and recovers from where the tab was.

import { createClient, type Position } from 'staywire/client'

const { url, token, channel } = window.gateway

/** Survives reloads, belongs to this tab, and is written before anything else can happen. */
function write(entry: string): void {
  sessionStorage.setItem('log', `${sessionStorage.getItem('log') ?? ''}${entry}\n`)
}

function keep(position: Position | undefined): void {
  if (position !== undefined) sessionStorage.setItem('position', JSON.stringify(position))
}

const kept = sessionStorage.getItem('position')
const client = createClient(`${url}/realtime`, { getToken: () => token })
const subscription = client.subscribe<{ n: number }>(
  channel,
  ({ offset = 0, data }) => {
    write(`publication ${offset} ${data.n}`)
    keep({ epoch: subscription.position?.epoch ?? '', offset })
  },
  kept === null ? {} : { position: JSON.parse(kept) as Position },
)
subscription.on('outcome', (outcome, { gap }) => {
  if (gap === undefined) write(outcome)
  else write(`gap ${gap.from.offset} ${gap.to.offset} ${gap.why}`)
  keep(subscription.position)
  document.title = 'live'
})
