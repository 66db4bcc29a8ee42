// @staywire/nuxt: gives a Nuxt app its client and imports the composables by themselves. It opens nothing: the client is made when
// the first component that needs it has mounted, in a browser.

import { addImports, addPlugin, createResolver, defineNuxtModule } from '@nuxt/kit'
import type { NuxtModule } from 'nuxt/schema'
import type { ClientOptions } from 'staywire/client'

/** Options of the module, under `staywire` in `nuxt.config.ts`. */
export interface ModuleOptions {
  /** Where the server is: a path of the same origin, or a URL. `NUXT_PUBLIC_STAYWIRE_URL` overrides it. Default `/realtime`. */
  url: string
}

/** What plugins of the app add to the options of the client, before it is made: `nuxtApp.hook('staywire:options', …)`. */
export type AddOptions = (options: { -readonly [Name in keyof ClientOptions]: ClientOptions[Name] }) => void

/** What of `staywire/vue` is there without an import. */
const COMPOSABLES = ['useChannel', 'useConnection', 'usePresence', 'usePublish', 'useWebSocket']

const staywire: NuxtModule<ModuleOptions> = defineNuxtModule<ModuleOptions>({
  meta: { name: '@staywire/nuxt', configKey: 'staywire', compatibility: { nuxt: '>=4.0.0' } },
  defaults: { url: '/realtime' },
  setup({ url }, nuxt) {
    const { resolve } = createResolver(import.meta.url)
    nuxt.options.runtimeConfig.public['staywire'] = { url }
    nuxt.options.build.transpile.push(resolve('./runtime'))
    addPlugin(resolve('./runtime/plugin.js'))
    addImports(COMPOSABLES.map((name) => ({ name, from: 'staywire/vue' })))
  },
})

// Nuxt takes a module by its default export.
export default staywire

declare module 'nuxt/schema' {
  interface PublicRuntimeConfig {
    staywire: ModuleOptions
  }
}

declare module 'nuxt/app' {
  interface RuntimeNuxtHooks {
    'staywire:options': AddOptions
  }
}
