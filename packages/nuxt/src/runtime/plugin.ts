// The plugin of the app: provides the client to composables. On the server it provides the same, and nobody ever makes a client there.

import { defineNuxtPlugin, useRuntimeConfig } from 'nuxt/app'
import type { ClientOptions } from 'staywire/client'
import { createStaywire } from 'staywire/vue'

const plugin = defineNuxtPlugin({
  name: 'staywire',
  setup(nuxtApp) {
    const { url } = useRuntimeConfig().public.staywire
    // Filled before anything mounts, and read when the first component that has mounted needs the client.
    const options: { -readonly [Name in keyof ClientOptions]: ClientOptions[Name] } = {}
    nuxtApp.hook('app:created', () => void nuxtApp.callHook('staywire:options', options))
    nuxtApp.vueApp.use(createStaywire(url, options))
  },
})

// Nuxt takes a plugin by its default export.
export default plugin
