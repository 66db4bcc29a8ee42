// The routes, and what a change of route means for the connection: by default nothing.

import { createRouter, createWebHistory } from 'vue-router'
import { client } from './client.ts'
import { closesOnQuietRoutes } from './quiet-routes.ts'
import AboutView from './views/AboutView.vue'
import ChainView from './views/ChainView.vue'
import ChainsView from './views/ChainsView.vue'
import StatusView from './views/StatusView.vue'

/** The router of the page. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: ChainsView },
    { path: '/chain/:chain', component: ChainView, props: true },
    { path: '/status', component: StatusView },
    { path: '/about', component: AboutView, meta: { quiet: true } },
  ],
})

// Views subscribe while they are mounted, and the connection stays. To close it where nothing is live, this is all it takes; a
// connection that is opened anew for each visit costs a handshake, which is why it is an option.
router.beforeEach((to) => {
  if (to.meta['quiet'] === true && closesOnQuietRoutes.get()) client.disconnect()
  else if (client.status === 'disconnected') void client.connect()
})
