// Publishes what is new to operators, on a server of their own.

import { StaywireError } from '../../protocol/error-code.ts'
import type { AdminFeed, AdminNews } from './admin-feed.ts'

/** A server that operators connect to, as its feed sees it. What `createServer` returns is one. */
export interface OperatorsView {
  stats(): { readonly connections: number }
  channels(): { channel: string; subscribers: number }[]
  publish(channel: string, data: unknown): Promise<unknown>
}

/** Tells them. Never rejects: who is told nothing asks the API, as without a feed. */
export async function tellOperators(operators: OperatorsView, feed: AdminFeed, now: number): Promise<void> {
  try {
    const watched = new Set(operators.channels().map(({ channel }) => channel))
    const news = await feed.news(watched, now)
    await Promise.all(news.map((one) => tell(operators, one)))
  } catch {
    // A server that has not begun or has ended has no news.
  }
}

async function tell(operators: OperatorsView, { channel, data }: AdminNews): Promise<void> {
  try {
    await operators.publish(channel, data)
  } catch (error) {
    if (error instanceof StaywireError && error.code === 'payload-too-large') await operators.publish(channel, null)
  }
}
