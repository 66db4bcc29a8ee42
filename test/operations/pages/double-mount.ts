// A component that opens a connection when it is mounted, shown in two places. Mended: the app opens one for both.

import { createApp, defineComponent, h, inject, onMounted, provide } from 'vue'
import { open } from './connection.ts'
import { MENDED } from './mended.ts'
import { who } from './who.ts'

const Feed = defineComponent({
  setup() {
    const opened = inject('connection', undefined)
    onMounted(() => {
      if (opened === undefined) open(who, 'Feed')
    })
    return () => h('p', 'blocks')
  },
})

const App = defineComponent({
  setup() {
    if (MENDED) provide('connection', open(who, 'Feed'))
    return () => [h(Feed), h(Feed)]
  },
})

/** Shows it. */
export function start(): void {
  createApp(App).mount('#root')
}
