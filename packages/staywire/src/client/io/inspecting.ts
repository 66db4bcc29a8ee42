// Inspection for one client: loaded when the client is first connected, or asked. Inspects nothing itself.

import type { Inspection } from '../api.ts'
import type { Inspector, InspectorOptions } from './inspector.ts'

/** What a client does with it. */
export interface Inspecting {
  inspect(): Promise<Inspection>
  /** The client is connected: from now on its page, if it is in one, answers others. */
  connected(): void
  close(): void
}

/** `options` are asked for when it is loaded. */
export function inspecting(options: () => InspectorOptions): Inspecting {
  let inspector: Promise<Inspector> | undefined
  const load = (): Promise<Inspector> =>
    (inspector ??= import('./inspector.ts').then((part) => new part.Inspector(options())))
  return {
    inspect: async () => (await load()).inspect(),
    connected() {
      // Who asks is told that it could not be loaded; nobody else misses it.
      load().then(
        (loaded) => loaded.connected(),
        () => (inspector = undefined),
      )
    },
    close() {
      inspector?.then(
        (loaded) => loaded.close(),
        () => {},
      )
    },
  }
}
