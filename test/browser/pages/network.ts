// A page with a client and what it was handed, for tests of the network in between.

import { createClient, type Client } from 'staywire/client'

declare global {
  interface Window {
    client: Client
    seen: number[]
  }
}

const { url, token, channel } = window.gateway
const client = (window.client = createClient(`${url}/realtime`, { getToken: () => token }))
const seen: number[] = (window.seen = [])
client.subscribe<{ n: number }>(channel, ({ data }) => seen.push(data.n))
