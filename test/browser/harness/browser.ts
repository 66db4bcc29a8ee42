// Debian's Chromium, driven by playwright. One browser per test file; a context is a person's browser of its own.

import { afterAll, afterEach, beforeAll } from 'vitest'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright'

/** Switches without which it does not run here. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Opens a browser context that is closed after the test. */
export type OpenContext = (options?: BrowserContextOptions) => Promise<BrowserContext>

/** Launches the browser for the tests of a file and closes what they opened. */
export function openBrowser(): OpenContext {
  let browser: Browser
  const opened: BrowserContext[] = []
  beforeAll(async () => {
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
    browser = await chromium.launch({ executablePath, args: FLAGS })
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((context) => context.close()))
  })
  afterAll(() => browser.close())
  return async (options) => {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    context.setDefaultTimeout(60_000)
    opened.push(context)
    return context
  }
}
