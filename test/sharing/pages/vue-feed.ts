// One Vue component that shows the messages of one channel. The file that the development server is made to reload: what it
// does for that at its end is what the compiler of single-file components writes.

/// <reference types="vite/client" />

import { defineComponent, h, ref, type Ref } from 'vue'
import { useChannel } from 'staywire/vue'

/** Which edition of this file is running. */
const EDITION = 0

/** A list of messages. */
export const Feed = defineComponent({
  name: 'Feed',
  props: { channel: { type: String, required: true } },
  setup(props) {
    const texts: Ref<string[]> = ref([])
    const { state } = useChannel<{ text: string }>(
      () => props.channel,
      ({ data }) => texts.value.push(data.text),
    )
    return () =>
      h(
        'p',
        { class: 'feed', 'data-live': state.value === 'live', 'data-edition': EDITION },
        texts.value.map((text, index) => h('i', { key: index }, text)),
      )
  },
})

declare const __VUE_HMR_RUNTIME__: {
  createRecord(id: string, component: object): boolean
  reload(id: string, component: object): void
}

const ID = 'vue-feed'
Object.assign(Feed, { __hmrId: ID })
if (import.meta.hot) {
  __VUE_HMR_RUNTIME__.createRecord(ID, Feed)
  import.meta.hot.accept((renewed) => renewed && __VUE_HMR_RUNTIME__.reload(ID, renewed['Feed'] as object))
}
