// A Vue app with Vue Router: each room holds ten components, one of which can be put aside.

import { createApp, defineComponent, h, ref } from 'vue'
import { createRouter, createWebHashHistory, RouterView, useRoute } from 'vue-router'
import { createClient } from 'staywire/client'
import { createStaywire, usePresence } from 'staywire/vue'
import { Feed } from './vue-feed.ts'
import { visit } from './visit.ts'
import { channelOf, COMPONENTS, getToken } from './wire.ts'

const People = defineComponent({
  name: 'People',
  props: { channel: { type: String, required: true } },
  setup(props) {
    const presence = usePresence(() => props.channel)
    return () => h('p', { class: 'people', 'data-live': presence.value.count > 0 })
  },
})

const aside = ref(false)
const putAside = (now: boolean): void => {
  aside.value = now
  visit.shows(putAside, now)
}
visit.shows(putAside, false)

const Board = defineComponent({
  name: 'Board',
  setup() {
    const route = useRoute()
    return () => {
      const room = String(route.params['room'])
      const feeds = Array.from({ length: COMPONENTS - 1 - Number(aside.value) }, (_, index) =>
        h(Feed, { key: index, channel: channelOf(room, index) }),
      )
      return h('section', { key: room, 'data-room': room }, [...feeds, h(People, { channel: channelOf(room, 0) })])
    }
  },
})

if (location.hash === '') location.hash = '#/room/hall'
const router = createRouter({
  history: createWebHashHistory(),
  routes: [{ path: '/room/:room', component: Board }],
})
visit.inspect = () => createClient('/realtime', { getToken }).inspect()
visit.go = (room) => void router.push(`/room/${room}`)

createApp(RouterView).use(router).use(createStaywire('/realtime', { getToken })).mount('#root')
