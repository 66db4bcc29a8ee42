// Debian's Chromium by playwright, without the switches that playwright adds to keep pages from ageing: with them no page is
// ever put aside whole and no hidden page is slowed down.

import { chromium, type Page } from 'playwright'
import type { Tab, TestBrowser } from './person.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const HIDES_BUGS = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/** Generous: many tabs open at once on a loaded machine. */
const PATIENCE_MS = 60_000

/** Launches it. */
export async function launchChromium(): Promise<TestBrowser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  const server = await chromium.launchServer({ executablePath, args: FLAGS, ignoreDefaultArgs: HIDES_BUGS })
  const browser = await chromium.connect(server.wsEndpoint())
  return {
    name: 'chromium',
    pid: server.process().pid ?? 0,
    async newPerson() {
      const context = await browser.newContext({ locale: 'en-GB' })
      context.setDefaultTimeout(PATIENCE_MS)
      return {
        async openTab(url) {
          const page = await context.newPage()
          await page.goto(url)
          return chromiumTab(page)
        },
        close: () => context.close(),
      }
    },
    close: () => server.close(),
  }
}

function chromiumTab(page: Page): Tab {
  return {
    evaluate: (expression) => page.evaluate(expression),
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    close: () => page.close({ runBeforeUnload: false }),
  }
}
