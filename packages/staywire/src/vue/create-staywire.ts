// The plugin that gives an app its client. It opens nothing by itself and closes nothing when the app unmounts.

import type { Plugin } from 'vue'
import { createClient, type Client, type ClientOptions } from '../client/index.ts'
import { CLIENT_SOURCE } from './client-source.ts'

/**
 * The plugin: `app.use(createStaywire('/realtime', { getToken }))`, or with a client of the app's own. From a URL the
 * client is made when the first mounted component needs it, never on a server.
 */
export function createStaywire(clientOrUrl: Client | string, options?: ClientOptions): Plugin<[]> {
  let client = typeof clientOrUrl === 'string' ? undefined : clientOrUrl
  const get = (): Client =>
    (client ??= typeof clientOrUrl === 'string' ? createClient(clientOrUrl, options) : clientOrUrl)
  return {
    install(app) {
      app.provide(CLIENT_SOURCE, { peek: () => client, get })
    },
  }
}
