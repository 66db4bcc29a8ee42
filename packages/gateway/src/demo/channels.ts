// The channel rules of the demo, added behind those of the configuration in development. Never in production.

import type { ChannelOptions } from 'staywire/server'

/** Two minutes of the live feed, so that a chart is full at once. */
const FIGURES_KEPT = 120

/** Where the live feed is published. */
export const HOST_FIGURES = 'host:figures'

/** Rules of the demo by pattern. */
export const DEMO_CHANNELS: Readonly<Record<string, ChannelOptions>> = {
  'chat:*': { subscribe: true, publish: true, presence: true, history: { size: 1_000, ttlMs: 86_400_000 } },
  'host:*': { subscribe: true, durability: 'memory', history: { size: FIGURES_KEPT, ttlMs: 300_000 } },
}
