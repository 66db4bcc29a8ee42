// People in a browser who visit the pages of this suite, and what the gateway counts of them.

import { expect } from 'vitest'
import { eventually } from '../../browser/harness/eventually.ts'
import type { RunningGateway } from '../../browser/harness/gateway.ts'
import type { Person, Tab } from './person.ts'

/** Waits until every component of `room` is live in the tab, of `edition` where that matters. */
export async function live(tab: Tab, room = 'hall', edition?: number): Promise<void> {
  const asked = `window.visit?.stands(${JSON.stringify(room)}, ${edition}) ?? 'not loaded'`
  // A page that is just being replaced cannot be asked.
  await eventually(() => tab.evaluate<string>(asked).catch(String), room).toBe('live')
}

/** Opens `count` tabs one after another and waits until all of them are live. */
export async function openTabs(person: Person, url: string, count: number): Promise<Tab[]> {
  const tabs: Tab[] = []
  for (let i = 0; i < count; i++) tabs.push(await person.openTab(url))
  await Promise.all(tabs.map((tab) => live(tab)))
  return tabs
}

/** How many live connections of `user` the gateway counts. */
export async function connectionsOf(gateway: RunningGateway, user: string): Promise<number> {
  return (await gateway.connections()).filter((connection) => connection.user === user).length
}

/** Publishes `text` and waits until every one of `tabs` shows it, exactly as often as it has components that read `channel`. */
export async function hears(
  gateway: RunningGateway,
  tabs: readonly Tab[],
  channel: string,
  text: string,
  readers: number,
): Promise<void> {
  await gateway.publish(channel, { text })
  for (const tab of tabs) await eventually(() => shown(tab, text), `a tab hears ${text}`).toBe(readers)
}

/** How many components of the tab show `text`. */
async function shown(tab: Tab, text: string): Promise<number> {
  return (await tab.evaluate<Record<string, number>>('visit.shown()'))[text] ?? 0
}

/** Within two seconds of now `user` has no connection; asserted by the count at that time and not by a wait. */
export async function goneWithin2s(gateway: RunningGateway, user: string): Promise<void> {
  await expect.poll(() => connectionsOf(gateway, user), { timeout: 2_000, interval: 50 }).toBe(0)
}
