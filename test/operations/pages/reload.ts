// A page that has its connection in a service worker, to be told also while it is closed.

import { MENDED } from './mended.ts'
import { who } from './who.ts'

/** Asks the worker for a connection of this page load. */
export async function start(): Promise<void> {
  await navigator.serviceWorker.register('/worker.ts', { type: 'module' })
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage({ who, only: MENDED })
}
