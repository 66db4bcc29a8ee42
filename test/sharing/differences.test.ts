// Browsers in which not all is as it should be: tabs with different versions of the library, a worker's script that is missing.
// And what a page is left with once its client is closed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientStats, Inspection } from 'staywire/client'
import { eventually } from '../browser/harness/eventually.ts'
import { startGateway, type RunningGateway } from '../browser/harness/gateway.ts'
import { launchChromium } from './harness/chromium.ts'
import { launchFirefox } from './harness/firefox.ts'
import { buildPages } from './harness/pages.ts'
import type { Tab, TestBrowser } from './harness/person.ts'
import { openSite, SECRET, type Site } from './harness/site.ts'
import { connectionsOf, openTabs } from './harness/visits.ts'
import { launchWebKit } from './harness/webkit.ts'

const CHANNEL = 'chat:life'

/** The library as it will be when tabs and owners say other things to each other. */
const nextVersion = {
  name: 'next-version',
  transform(code: string, id: string) {
    if (!id.endsWith('/sharing/message.js')) return undefined
    expect(code).toContain('PORT_VERSION = 2')
    return code.replace('PORT_VERSION = 2', 'PORT_VERSION = 3')
  },
}

/** Whether the part of the library is there that is loaded after the first dial. */
let hasSpare = true
let gateway: RunningGateway
let site: Site
beforeAll(async () => {
  gateway = await startGateway(['--dev', '--jwt-secret', SECRET])
  const pages = await buildPages(['record', 'react', 'vue'])
  const next = await buildPages(['record'], { base: '/next/', plugins: [nextVersion] })
  site = await openSite(gateway.port, (request, response) => {
    if (!hasSpare && request.url?.includes('/spare-')) return void response.writeHead(404).end()
    return (request.url?.startsWith('/next/') ? next : pages)(request, response)
  })
})
afterAll(async () => {
  await site.close()
  await gateway.stop()
})

const logOf = (tab: Tab) => tab.evaluate<readonly string[]>('window.recorder?.log ?? []')
const sharingOf = (tab: Tab) => tab.evaluate<ClientStats['sharing']>('recorder.client.stats().sharing')
const heldBy = (tab: Tab) => tab.evaluate<readonly string[]>('recorder.held()')
const live = (tab: Tab) => eventually(() => logOf(tab)).toContain('live')

describe.each([
  { name: 'Chromium', launch: launchChromium },
  { name: 'Firefox', launch: launchFirefox },
  { name: 'WebKitGTK', launch: launchWebKit },
])('$name', ({ name, launch }) => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  it('two versions of the library in two tabs both work, and say why they share nothing', async () => {
    const user = `${name}-versions`
    const person = await browser.newPerson()
    const old = await person.openTab(`${site.origin}/record.html?user=${user}`)
    await live(old)
    const next = await person.openTab(`${site.origin}/next/record.html?user=${user}`)
    await live(next)
    await gateway.publish(CHANNEL, { text: `to ${user}` })
    for (const tab of [old, next]) await eventually(() => logOf(tab)).toContain(`to ${user}`)
    expect((await sharingOf(old)).why ?? '').toBe('')
    expect((await sharingOf(next)).why).toContain('version')
    expect(await connectionsOf(gateway, user)).toBe(2)
    const warned = () => next.evaluate<readonly string[]>('recorder.warnings')
    await eventually(warned, 'after a while it warns').toContainEqual(expect.stringContaining('holds 2 connections'))
    await person.close()
  })

  it('a worker’s script that is not there is done without, which stats() tells', async () => {
    const user = `${name}-missing`
    site.serveWorker(false)
    const person = await browser.newPerson()
    const tabs: Tab[] = []
    for (let i = 0; i < 2; i++) tabs.push(await person.openTab(`${site.origin}/record.html?user=${user}`))
    for (const tab of tabs) await live(tab)
    await gateway.publish(CHANNEL, { text: `to ${user}` })
    for (const tab of tabs) await eventually(() => logOf(tab)).toContain(`to ${user}`)
    for (const tab of tabs) {
      const { placement, why } = await sharingOf(tab)
      expect(placement).toBe('leader-tab')
      // Where workers are not trusted, a leader is the first choice.
      expect(why ?? '').toMatch(name === 'WebKitGTK' ? /^$/ : /shared-worker/)
    }
    const leading = await Promise.all(tabs.map(async (tab) => (await sharingOf(tab)).leads))
    expect(leading, 'whoever came first').toEqual([true, false])
    expect(await connectionsOf(gateway, user)).toBe(1)
    site.serveWorker(true)
    await person.close()
  })

  it('ELECT-10: a tab that cannot have the worker brings the others along, and those that come later: one connection', async () => {
    const user = `${name}-odd`
    const person = await browser.newPerson()
    const url = `${site.origin}/record.html?user=${user}`
    const tabs: Tab[] = []
    for (const page of [url, url, `${url}&worker=/no-such-script.js`, url]) {
      tabs.push(await person.openTab(page))
      await live(tabs.at(-1)!)
    }
    for (const tab of tabs) await eventually(async () => (await sharingOf(tab)).placement).toBe('leader-tab')
    await eventually(() => connectionsOf(gateway, user)).toBe(1)
    await gateway.publish(CHANNEL, { text: `to ${user}` })
    for (const tab of tabs)
      await eventually(async () => (await logOf(tab)).filter((line) => line === `to ${user}`)).toHaveLength(1)
    for (const tab of tabs) expect(await logOf(tab)).not.toContain('gap')
    await person.close()
  })

  it('a connection that cannot load its upkeep comes back without it, and says why once it could', async () => {
    const user = `${name}-spare`
    hasSpare = false
    const person = await browser.newPerson()
    const tab = await person.openTab(`${site.origin}/record.html?user=${user}&share=tab`)
    await live(tab)
    site.cut()
    await eventually(() => logOf(tab)).toContain('waiting')
    site.mend()
    await gateway.publish(CHANNEL, { text: `to ${user}` })
    await eventually(() => logOf(tab)).toContain('recovered')
    await eventually(() => logOf(tab)).toContain(`to ${user}`)
    expect(await tab.evaluate('recorder.client.errors().length'), 'nobody was there to judge').toBe(0)
    hasSpare = true
    const other = await person.openTab(`${site.origin}/record.html?user=${user}&share=tab`)
    await live(other)
    site.cut()
    await eventually(() => other.evaluate<number>('recorder.client.errors().length')).toBeGreaterThan(0)
    site.mend()
    await eventually(() => logOf(other)).toContain('recovered')
    await person.close()
  })

  it('a closed client leaves no timer, no listener, no lock and no channel', async () => {
    const person = await browser.newPerson()
    const tab = await person.openTab(`${site.origin}/record.html?user=${name}-closing`)
    await live(tab)
    await tab.evaluate('recorder.client.inspect().then(() => {})')
    expect(await heldBy(tab), 'it is counted at all').toEqual(
      expect.arrayContaining(['channel', 'lock', 'listener pagehide', 'listener visibilitychange', 'timer']),
    )
    await tab.evaluate('recorder.close()')
    // The page's own name is kept over page changes for as long as there is the page, whichever clients come and go.
    await eventually(() => heldBy(tab)).toEqual(['listener pagehide', 'listener pageshow'])
    await tab.evaluate('(recorder.log.length = 0, recorder.open())')
    await live(tab)
    await tab.evaluate('recorder.close()')
    await eventually(() => heldBy(tab)).toEqual(['listener pagehide', 'listener pageshow'])
    await eventually(() => connectionsOf(gateway, `${name}-closing`)).toBe(0)
    await person.close()
  })

  it.each(['react', 'vue'])('inspect() shows the components of %s in all tabs, by name', async (app) => {
    const user = `${name}-inspecting-${app}`
    const person = await browser.newPerson()
    const tabs = await openTabs(person, `${site.origin}/${app}.html?user=${user}`, 2)
    const { connections, tabs: found } = await tabs[1]!.evaluate<Inspection>('visit.inspect()')
    expect(connections).toHaveLength(1)
    expect(found.map(({ here }) => here)).toEqual([true, false])
    for (const { pages } of found) {
      const components = pages.flatMap((page) => page.components)
      const counts = components.map(({ label, subscriptions }) => [label, subscriptions.length] as const)
      expect(new Map(counts)).toEqual(new Map(Object.entries({ Feed: 9, People: 1 })))
    }
    await person.close()
  })
})
