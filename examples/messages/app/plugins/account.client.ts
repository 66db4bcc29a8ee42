// Before anything mounts: takes the account that this browser has kept, and gives the client its tokens. In a browser only.

import type {} from '@staywire/nuxt' // the hook below
import { defineNuxtPlugin } from 'nuxt/app'
import { useAccount } from '../stores/account.ts'

export default defineNuxtPlugin({
  setup(nuxtApp) {
    const account = useAccount()
    account.restore()
    // Another tab signed in or out.
    addEventListener('storage', () => account.restore())
    nuxtApp.hook('staywire:options', (options) => {
      // Asked a second time for the same connect, the server has refused the first.
      let given: { token: string | null; at: number } | undefined
      options.getToken = async () => {
        const token = await account.freshToken(given !== undefined && Date.now() - given.at < 10_000)
        given = { token, at: Date.now() }
        return token
      }
      options.label = 'messages'
    })
  },
})
