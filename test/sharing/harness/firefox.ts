// Debian's Firefox ESR by puppeteer over WebDriver BiDi: playwright wants a build of its own.

import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import type { Tab, TestBrowser } from './person.ts'

const START_MS = 60_000

/** Starts it, for tests that drive it themselves. */
export function startFirefox(): Promise<Browser> {
  const executablePath = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr'
  return puppeteer.launch({ browser: 'firefox', executablePath, headless: true, timeout: START_MS })
}

/** Launches it. */
export async function launchFirefox(): Promise<TestBrowser> {
  const browser = await startFirefox()
  return {
    name: 'firefox',
    pid: browser.process()?.pid ?? 0,
    async newPerson() {
      const context = await browser.createBrowserContext()
      return {
        async openTab(url) {
          const page = await context.newPage()
          page.setDefaultTimeout(START_MS)
          await page.goto(url)
          return firefoxTab(page)
        },
        close: () => context.close(),
      }
    },
    close: () => browser.close(),
  }
}

function firefoxTab(page: Page): Tab {
  return {
    evaluate: <Value>(expression: string) => page.evaluate(expression) as Promise<Value>,
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    close: () => page.close(),
  }
}
