// The demo page as a person uses it.

import type { BrowserContext, Locator, Page } from 'playwright'

/** One tab of the demo. */
export interface DemoTab {
  readonly page: Page
  /** Types a message and presses Enter. */
  say(text: string): Promise<void>
  /** The message with this text, once it is on the page. */
  message(text: string): Locator
  room(name: string): Locator
  /** Waits until the connection shows this status. */
  status(status: string): Promise<void>
}

/** Opens the demo in a new tab. */
export async function openDemo(context: BrowserContext, url: string): Promise<DemoTab> {
  const page = await context.newPage()
  await page.goto(url)
  return {
    page,
    async say(text) {
      const field = page.locator('textarea[name=message]')
      await field.fill(text)
      await field.press('Enter')
    },
    message: (text) => page.locator('.message', { hasText: text }),
    room: (name) => page.locator('nav.rooms a', { hasText: name }),
    status: (status) => page.locator(`[data-status="${status}"]`).waitFor(),
  }
}

/** Opens the demo and signs in. */
export async function enterDemo(context: BrowserContext, url: string, name: string): Promise<DemoTab> {
  const tab = await openDemo(context, url)
  await tab.page.fill('input[name=name]', name)
  await tab.page.press('input[name=name]', 'Enter')
  await tab.status('connected')
  return tab
}
