// Whoever is not signed in is asked to. Decided in the browser, which knows.

import { defineNuxtRouteMiddleware, navigateTo } from 'nuxt/app'
import { useAccount } from '../stores/account.ts'

export default defineNuxtRouteMiddleware((to) => {
  if (import.meta.server) return
  const signedIn = useAccount().user !== undefined
  if (!signedIn && to.path !== '/login') return navigateTo('/login')
  if (signedIn && to.path === '/login') return navigateTo('/')
})
