// The smallest app with the module.

export default defineNuxtConfig({
  modules: ['@staywire/nuxt'],
  compatibilityDate: '2026-08-01',
  telemetry: false,
})
