// The pages. They speak with the API at `apiBase` and, live, with the server at `staywire.url`: both of the pages' own origin
// unless `NUXT_PUBLIC_API_BASE` and `NUXT_PUBLIC_STAYWIRE_URL` say otherwise.

import { defineNuxtConfig } from 'nuxt/config'

export default defineNuxtConfig({
  modules: ['@pinia/nuxt', '@staywire/nuxt'],
  css: ['@staywire/look/example.css', '~/assets/page.css'],
  runtimeConfig: { public: { apiBase: '' } },
  app: { head: { title: 'Messages', htmlAttrs: { lang: 'en' } } },
  // What is built is a function that the server in `server/` calls.
  nitro: { preset: 'node-listener', serveStatic: true },
  // Nuxt takes `server/` for its own; here it is the application's.
  serverDir: 'nitro',
  devtools: { enabled: false },
  telemetry: false,
  compatibilityDate: '2026-10-01',
})
