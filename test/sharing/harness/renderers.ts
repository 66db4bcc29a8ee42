// Chromium's renderers: which process draws a page, and how it comes to a bad end.

import type { Browser, CDPSession, Page } from 'playwright'

/** How long a page keeps its processor busy, to be told apart from the others. */
const BUSY_MS = 400

/** The process of a page: the one that uses most time while the page is busy. */
export async function rendererOf(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const before = await renderers(session)
  await page.evaluate((ms) => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }, BUSY_MS)
  const used = [...(await renderers(session))].map(([id, time]) => [id, time - (before.get(id) ?? 0)] as const)
  await session.detach()
  const [first] = used.toSorted(([, a], [, b]) => b - a)
  if (first === undefined) throw new Error('Chromium has no renderers.')
  return first[0]
}

/** Ends the process of a page as a bug in it would. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  void session.send('Page.crash').catch(() => {}) // nobody is left to answer
  await crashed
}

async function renderers(session: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]))
}
