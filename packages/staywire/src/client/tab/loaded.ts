// Loads parts of the library that a tab cannot do without: asks again and again for what does not come, while it is wanted.

import { IDLE } from '../connection/state.ts'
import { LOAD_MS } from '../timing.ts'
import type { TabEngine } from './tab-engine.ts'

/** What `load` brings, at last. Meanwhile the tab is told why it is `waiting`. */
export async function loaded<Part>(engine: TabEngine, load: () => Promise<Part>): Promise<Part> {
  for (let attempts = 1; ; attempts++)
    try {
      return await load()
    } catch (error) {
      await wantedAgain(engine, attempts, `a part of the library could not be loaded: ${String(error)}`)
    }
}

/** Waits a while, later and later, or until the app wants to connect once more. */
function wantedAgain({ tab, world, run }: TabEngine, attempts: number, reason: string): Promise<void> {
  const { agenda, random } = world
  return new Promise((resolve) =>
    run(() => {
      const retryAt = world.now + LOAD_MS * (1 + random()) * 2 ** Math.min(attempts - 1, 4)
      const wanted = tab.connection.status === 'connecting'
      const undo = tab.on('status', (status) => {
        if (status === 'waiting') return
        agenda.delete(undo)
        if (status !== 'connecting') return
        undo()
        resolve()
      })
      if (!wanted) return
      tab.state({ ...IDLE, status: 'waiting', cause: { class: 'app', reason }, retryAt, attempts })
      agenda.set(undo, retryAt, () => tab.owner.connect())
    }),
  )
}
