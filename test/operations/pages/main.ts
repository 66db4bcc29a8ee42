// Shows the page that leaks as its address says: `?leak=double-mount`.

import { MENDED } from './mended.ts'
import { who } from './who.ts'

/** What makes a page leak: by itself when it starts, or with `act`. */
interface Leak {
  start(): void | Promise<void>
  act?: () => void | Promise<void>
}

const LEAKS: Readonly<Record<string, () => Promise<Leak>>> = {
  'double-mount': () => import('./double-mount.ts'),
  'route-change': () => import('./route-change.ts'),
  'hot-reload': () => import('./hot-reload.ts'),
  reload: () => import('./reload.ts'),
  'reconnect-overlap': () => import('./reconnect-overlap.ts'),
}

const leak = await LEAKS[who.user]?.()
await leak?.start()
Object.assign(window, { act: () => leak?.act?.() })
Object.assign(document.documentElement.dataset, { mended: String(MENDED), page: who.page })
