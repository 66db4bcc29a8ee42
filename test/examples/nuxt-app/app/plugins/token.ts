// How an app says who it is for.

export default defineNuxtPlugin((nuxtApp) => {
  nuxtApp.hook('staywire:options', (options) => {
    options.getToken = () => 'ada'
  })
})
