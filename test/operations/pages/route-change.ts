// Two views, each with a connection of its own. Mended: a view closes its connection when it is left.

import { createApp, defineComponent, h, onUnmounted } from 'vue'
import { createRouter, createWebHashHistory, RouterView } from 'vue-router'
import { open } from './connection.ts'
import { MENDED } from './mended.ts'
import { who } from './who.ts'

const view = (name: string) =>
  defineComponent({
    setup() {
      const connection = open(who, name)
      if (MENDED) onUnmounted(() => connection.close())
      return () => h('p', name)
    },
  })

const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', component: view('List') },
    { path: '/detail', component: view('Detail') },
  ],
})

/** Shows the view that the address names. */
export function start(): void {
  createApp(RouterView).use(router).mount('#root')
}

/** Goes to the other one. */
export async function act(): Promise<void> {
  await router.push(router.currentRoute.value.path === '/' ? '/detail' : '/')
}
