// Where composables find their client. Making it is put off until it is needed in a browser: a server makes none.

import { inject, type InjectionKey } from 'vue'
import { type Client, StaywireError } from '../client/index.ts'

/** What the plugin provides. */
export interface ClientSource {
  /** The client if there is one already. */
  peek(): Client | undefined
  /** The client, made at the first call. */
  get(): Client
}

/** Under which the plugin provides. Shared by doubly bundled copies. */
export const CLIENT_SOURCE: InjectionKey<ClientSource> = Symbol.for('staywire.vue.client')

/** The source of the app; throws `bad-option` when the plugin was not installed. */
export function useClientSource(): ClientSource {
  const source = inject(CLIENT_SOURCE, undefined)
  if (source !== undefined) return source
  throw new StaywireError('bad-option', 'A Staywire composable was called in an app without the plugin.', {
    fix: "Call `app.use(createStaywire('/realtime'))` before mounting, and the composable inside `setup`.",
  })
}
