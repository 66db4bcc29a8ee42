// @vitest-environment happy-dom
// The mechanics of the composables against a client that only counts. Real connections: test/browser.

import { createApp, createSSRApp, defineComponent, effectScope, h, nextTick, ref, type App, type Ref } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Client, ClientEvents, Publication, Status, Subscription, SubscriptionEvents } from '../client/index.ts'
import { createStaywire, useChannel, useConnection, usePresence, usePublish, useWebSocket } from './index.ts'

type Handlers = { [Name in keyof SubscriptionEvents<unknown>]?: SubscriptionEvents<unknown>[Name] }

function countingClient() {
  const open: { channel: string; options: unknown; handlers: Handlers }[] = []
  const history: string[] = []
  const listeners = new Set<ClientEvents['status']>()
  let status: Status = 'idle'
  const partial: Partial<Client> = {
    get status() {
      return status
    },
    connect: () => Promise.resolve(void history.push('connect')),
    disconnect: (options) => void history.push(`disconnect ${JSON.stringify(options ?? {})}`),
    subscribe(channel, onPublication, options) {
      const handlers: Handlers = onPublication ? { publication: onPublication as never } : {}
      const opened = { channel, options, handlers }
      const subscription: Subscription = {
        channel,
        state: 'pending',
        position: undefined,
        presence: undefined,
        on(event, listener) {
          handlers[event] = listener as never
          return () => void delete handlers[event]
        },
        unsubscribe() {
          open.splice(open.indexOf(opened), 1)
          history.push(`- ${channel}`)
        },
      }
      open.push(opened)
      history.push(`+ ${channel}`)
      return subscription
    },
    publish: (channel, data) => {
      history.push(`${channel} ${JSON.stringify(data)}`)
      return Promise.resolve({ duplicate: false })
    },
    on(_event, listener) {
      listeners.add(listener as ClientEvents['status'])
      return () => void listeners.delete(listener as ClientEvents['status'])
    },
    stats: () => ({}) as ReturnType<Client['stats']>,
  }
  const become = (next: Status) => {
    status = next
    for (const listener of listeners) listener(status, undefined)
  }
  return { client: partial as Client, open, history, listeners, become }
}

const publication = (data: unknown): Publication => ({ channel: 'chat:1', offset: 1, at: 0, data })

let fake: ReturnType<typeof countingClient>
const apps: App[] = []

/** Mounts one component with `setup`, over the counting client, and shows what its render answers. */
function mount(setup: () => () => string): App {
  const host = document.createElement('div')
  document.body.replaceChildren(host)
  const app = createApp(defineComponent({ setup: () => setup() }))
  app.use(createStaywire(fake.client))
  app.mount(host)
  apps.push(app)
  return app
}
const page = () => document.body.textContent

beforeEach(() => {
  fake = countingClient()
})
afterEach(() => {
  for (const app of apps.splice(0)) app.unmount()
})

it('useChannel subscribes while mounted, follows its channel, and leaves nothing', async () => {
  const channel: Ref<string | undefined> = ref('chat:1')
  const seen: unknown[] = []
  const app = mount(() => {
    const { state } = useChannel(channel, ({ data }) => void seen.push(data))
    return () => state.value
  })
  await nextTick()
  expect([fake.history, page()]).toEqual([['+ chat:1'], 'pending'])
  fake.open[0]?.handlers.publication?.(publication('hi'))
  channel.value = 'chat:2'
  await nextTick()
  expect(fake.history).toEqual(['+ chat:1', '- chat:1', '+ chat:2'])
  channel.value = undefined
  await nextTick()
  expect([fake.open, seen, page()]).toEqual([[], ['hi'], 'idle'])
  channel.value = 'chat:3'
  await nextTick()
  expect(fake.open.length).toBe(1)
  app.unmount()
  apps.length = 0
  expect(fake.open).toEqual([])
})

it('useChannel shows the outcome, keeps the last gap, and shows a refusal', async () => {
  mount(() => {
    const { outcome, gap, error } = useChannel('chat:1')
    return () => `${outcome.value ?? '-'} ${gap.value?.why ?? '-'} ${error.value?.code ?? '-'}`
  })
  const handlers = fake.open[0]?.handlers
  const position = { epoch: 'a', offset: 1 }
  handlers?.outcome?.('gap', { gap: { from: position, to: position, why: 'epoch' }, recovered: 0 })
  handlers?.outcome?.('recovered', { recovered: 0 })
  handlers?.error?.({ code: 'forbidden' } as never)
  await nextTick()
  expect(page()).toBe('recovered epoch forbidden')
})

it('useConnection follows the client, asks for no connection, and stops listening when unmounted', async () => {
  const app = mount(() => {
    const { status, client } = useConnection()
    return () => `${status.value} ${client.value === fake.client}`
  })
  fake.become('connected')
  await nextTick()
  expect([page(), fake.history, fake.listeners.size]).toEqual(['connected true', [], 1])
  app.unmount()
  apps.length = 0
  expect(fake.listeners.size).toBe(0)
})

it('usePresence shows who is there and asks for members', async () => {
  mount(() => {
    const presence = usePresence('chat:1')
    return () => presence.value.members.map(({ user }) => user).join()
  })
  fake.open[0]?.handlers.presence?.({ count: 1, members: [{ user: 'ada' }] })
  await nextTick()
  expect([page(), fake.open[0]?.options]).toEqual(['ada', { presence: 'members' }])
})

it('usePublish publishes to whatever channel is meant at the time', async () => {
  const channel = ref('chat:1')
  let publish: ReturnType<typeof usePublish> | undefined
  mount(() => {
    publish = usePublish(channel)
    return () => ''
  })
  channel.value = 'chat:2'
  await publish?.({ text: 'hi' })
  expect(fake.history).toEqual(['chat:2 {"text":"hi"}'])
})

it('labels subscriptions with the names of their components, unless they have a label', () => {
  const host = document.createElement('div')
  const Feed = defineComponent({ name: 'Feed', setup: () => (useChannel('chat:1'), usePresence('chat:1'), () => '') })
  const Compiled = { __name: 'compiled-from-a-file', setup: () => (useWebSocket('chat:2'), () => '') }
  const Own = defineComponent({
    name: 'Own',
    setup: () => (useChannel('chat:3', undefined, { label: 'board' }), () => ''),
  })
  const app = createApp({ render: () => [h(Feed), h(Compiled), h(Own)] })
  app.use(createStaywire(fake.client)).mount(host)
  apps.push(app)
  expect(fake.open.map(({ options }) => options)).toEqual([
    { label: 'Feed' },
    { presence: 'members', label: 'Feed' },
    { label: 'compiled-from-a-file' },
    { label: 'board' },
  ])
})

it('useWebSocket hands each message to every listener until its undo, and ends the session on disconnect', async () => {
  const seen: string[] = []
  let socket: ReturnType<typeof useWebSocket> | undefined
  mount(() => {
    const mine = useWebSocket('@user:ada')
    socket = mine
    return () => String(mine.isConnected.value)
  })
  const undo = socket?.onMessage((data) => void seen.push(`a ${String(data)}`))
  socket?.onMessage((data) => void seen.push(`b ${String(data)}`))
  fake.open[0]?.handlers.publication?.(publication(1))
  undo?.()
  fake.open[0]?.handlers.publication?.(publication(2))
  fake.become('connected')
  await nextTick()
  expect([seen, page()]).toEqual([['a 1', 'b 1', 'b 2'], 'true'])
  socket?.disconnect()
  expect(fake.history.at(-1)).toBe('disconnect {"end":true}')
})

it('works in an effect scope outside of any component, and ends with it', () => {
  const app = mount(() => () => '')
  const scope = effectScope()
  app.runWithContext(() => scope.run(() => useChannel('chat:1')))
  expect(fake.open.length).toBe(1)
  scope.stop()
  expect(fake.open.length).toBe(0)
})

it('renders at rest on a server, makes no client from a URL there, and opens nothing', async () => {
  const Page = defineComponent({
    setup() {
      const { status, client } = useConnection()
      const { state } = useChannel('chat:1')
      const presence = usePresence('chat:1')
      return () => h('p', `${status.value} ${client.value === undefined} ${state.value} ${presence.value.count}`)
    },
  })
  const html = (plugin: ReturnType<typeof createStaywire>) => {
    const app = createSSRApp(Page)
    app.use(plugin)
    return renderToString(app)
  }
  expect(await html(createStaywire('/relative/urls/mean/nothing/on/a/server'))).toBe('<p>idle true idle 0</p>')
  expect(await html(createStaywire(fake.client))).toBe('<p>idle false idle 0</p>')
  expect([fake.history, fake.listeners.size]).toEqual([[], 0])
})

it('says what to do when the plugin is missing', () => {
  const app = createApp(defineComponent({ setup: () => (useConnection(), () => '') }))
  app.config.warnHandler = () => {}
  expect(() => app.mount(document.createElement('div'))).toThrow('in an app without the plugin')
})
