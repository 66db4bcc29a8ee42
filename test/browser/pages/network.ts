// A page with a client and what it was handed, for tests of the network in between; with `#core`, a client that shares nothing.

import { createClient, type Client } from 'staywire/client'
import { createClient as createCore } from 'staywire/client/core'

declare global {
  interface Window {
    client: Client
    seen: number[]
  }
}

const { url, token, channel } = window.gateway
const create = location.hash === '#core' ? createCore : createClient
const client = (window.client = create(`${url}/realtime`, { getToken: () => token }))
const seen: number[] = (window.seen = [])
client.subscribe<{ n: number }>(channel, ({ data }) => seen.push(data.n))
