// A small Vue app: a switch at the top, a room that comes and goes with the address, and messages to oneself.

import { createApp, defineComponent, h, ref, type Ref } from 'vue'
import { userChannel } from 'staywire/protocol'
import { createStaywire, useChannel, useConnection, usePresence, usePublish, useWebSocket } from 'staywire/vue'

const { url, token } = window.gateway
const route = ref(location.hash.slice(1))
addEventListener('hashchange', () => (route.value = location.hash.slice(1)))

const Room = defineComponent({
  props: { channel: { type: String, required: true } },
  setup(props) {
    const channel = () => props.channel
    const texts: Ref<string[]> = ref([])
    const { state } = useChannel<{ text: string }>(channel, ({ data }) => texts.value.push(data.text))
    const presence = usePresence(channel)
    const publish = usePublish<{ text: string }>(channel)
    const say = () => void publish({ text: `hello ${props.channel}` })
    return () =>
      h('section', { 'data-channel': props.channel, 'data-state': state.value }, [
        h('p', { id: 'count' }, String(presence.value.count)),
        h('p', { id: 'texts' }, texts.value.join(' | ')),
        h('button', { id: 'say', onClick: say }, 'say'),
      ])
  },
})

const App = defineComponent({
  setup() {
    const { status } = useConnection()
    const { isConnected, connect, disconnect, onMessage } = useWebSocket<{ text: string }>(userChannel('vera'))
    const unread = ref(0)
    const undo = onMessage(() => unread.value++)
    const toggle = () => (isConnected.value ? disconnect() : void connect())
    return () => [
      h('p', { id: 'status' }, status.value),
      h('p', { id: 'unread' }, String(unread.value)),
      h('button', { id: 'toggle', onClick: toggle }, isConnected.value ? 'disconnect' : 'connect'),
      h('button', { id: 'deaf', onClick: undo }, 'stop listening'),
      route.value === '' ? null : h(Room, { channel: `chat:${route.value}` }),
    ]
  },
})

createApp(App)
  .use(createStaywire(`${url}/realtime`, { getToken: () => token }))
  .mount('#root')
