// @vitest-environment happy-dom
// The mechanics of the hooks against a client that only counts. Real connections: test/browser.

import { Activity, act, StrictMode, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client, ClientEvents, Publication, Status, Subscription, SubscriptionEvents } from '../client/index.ts'
import { StaywireProvider, useChannel, useConnection, usePresence, usePublish, type ChannelState } from './index.ts'

type Handlers = { [Name in keyof SubscriptionEvents<unknown>]?: SubscriptionEvents<unknown>[Name] }

/** One subscription of the counting client. */
interface Opened {
  readonly channel: string
  readonly options: unknown
  readonly handlers: Handlers
  readonly subscription: { -readonly [Key in keyof Subscription]: Subscription[Key] }
}

function countingClient() {
  const open = new Set<Opened>()
  const history: string[] = []
  const listeners = new Set<ClientEvents['status']>()
  const published: unknown[] = []
  let status: Status = 'idle'
  let retryAt: number | undefined
  const gone = { class: 'network', reason: 'gone' } as const
  const partial: Partial<Client> = {
    get status() {
      return status
    },
    get cause() {
      return status === 'waiting' ? gone : undefined
    },
    connect: () => Promise.resolve(void history.push('connect')),
    disconnect: (options) => void history.push(`disconnect ${JSON.stringify(options ?? {})}`),
    subscribe(channel, onPublication, options) {
      const handlers: Handlers = onPublication ? { publication: onPublication as never } : {}
      const opened: Opened = {
        channel,
        options,
        handlers,
        subscription: {
          channel,
          state: 'pending',
          position: undefined,
          presence: undefined,
          on(event, listener) {
            handlers[event] = listener as never
            return () => void delete handlers[event]
          },
          unsubscribe() {
            open.delete(opened)
            history.push(`- ${channel}`)
          },
        },
      }
      open.add(opened)
      history.push(`+ ${channel}`)
      return opened.subscription
    },
    publish: (channel, data) => {
      published.push([channel, data])
      return Promise.resolve({ duplicate: false })
    },
    on(_event, listener) {
      listeners.add(listener as ClientEvents['status'])
      return () => void listeners.delete(listener as ClientEvents['status'])
    },
    stats: () => ({ retryAt }) as ReturnType<Client['stats']>,
  }
  return {
    client: partial as Client,
    open,
    history,
    listeners,
    published,
    become(next: Status, at?: number) {
      status = next
      retryAt = at
      for (const listener of listeners) listener(status, undefined)
    },
    only: () => {
      const [first] = open
      if (first === undefined || open.size > 1) throw new Error(`${open.size} subscriptions are open`)
      return first
    },
  }
}

const publication = (data: unknown): Publication => ({ channel: 'chat:1', offset: 1, at: 0, data })

let root: Root
let fake: ReturnType<typeof countingClient>
const render = (node: ReactNode) => act(() => root.render(node))
const page = () => document.body.textContent

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  const host = document.createElement('div')
  document.body.replaceChildren(host)
  root = createRoot(host)
  fake = countingClient()
})
afterEach(() => act(() => root.unmount()))

describe('useChannel', () => {
  const seen: unknown[] = []
  const states: ChannelState[] = []
  const keep = (data: unknown): void => void seen.push(data)
  function Channel({ name = 'chat:1', onData = keep }) {
    const state = useChannel(name, ({ data }) => onData(data))
    states.push(state)
    return <p>{`${state.state} ${state.outcome ?? '-'} ${state.gap?.why ?? '-'} ${state.error?.code ?? '-'}`}</p>
  }
  beforeEach(() => {
    seen.length = 0
    states.length = 0
  })

  it('leaves exactly one subscription under StrictMode, and none after unmounting', () => {
    render(
      <StrictMode>
        <StaywireProvider client={fake.client}>
          <Channel />
        </StaywireProvider>
      </StrictMode>,
    )
    expect(fake.history).toEqual(['+ chat:1', '- chat:1', '+ chat:1'])
    expect(fake.open.size).toBe(1)
    render(null)
    expect(fake.open.size).toBe(0)
  })

  it('does not subscribe again when only the handler changes, and calls the latest one', () => {
    const later: unknown[] = []
    const show = (onData?: (data: unknown) => void) => (
      <StaywireProvider client={fake.client}>{onData ? <Channel onData={onData} /> : <Channel />}</StaywireProvider>
    )
    render(show())
    fake.only().handlers.publication?.(publication('first'))
    render(show((data) => void later.push(data)))
    fake.only().handlers.publication?.(publication('second'))
    expect(fake.history).toEqual(['+ chat:1'])
    expect([seen, later]).toEqual([['first'], ['second']])
  })

  it('moves its one subscription when the channel changes', () => {
    const show = (name: string) => (
      <StaywireProvider client={fake.client}>
        <Channel name={name} />
      </StaywireProvider>
    )
    render(show('chat:1'))
    render(show('chat:2'))
    expect(fake.history).toEqual(['+ chat:1', '- chat:1', '+ chat:2'])
  })

  it('shows the outcome, keeps the last gap through a later recovery, and shows a refusal', () => {
    render(
      <StaywireProvider client={fake.client}>
        <Channel />
      </StaywireProvider>,
    )
    expect(page()).toBe('pending - - -')
    const { handlers, subscription } = fake.only()
    const position = { epoch: 'a', offset: 1 }
    subscription.state = 'live'
    act(() => handlers.outcome?.('gap', { gap: { from: position, to: position, why: 'trimmed' }, recovered: 0 }))
    expect(page()).toBe('live gap trimmed -')
    act(() => handlers.outcome?.('recovered', { recovered: 2 }))
    expect(page()).toBe('live recovered trimmed -')
    subscription.state = 'refused'
    act(() => handlers.error?.({ code: 'forbidden' } as never))
    expect(page()).toBe('refused recovered trimmed forbidden')
  })

  it('unsubscribes in a hidden Activity and recovers from where it was when shown again', () => {
    const show = (mode: 'visible' | 'hidden') => (
      <StaywireProvider client={fake.client}>
        <Activity mode={mode}>
          <Channel />
        </Activity>
      </StaywireProvider>
    )
    render(show('visible'))
    fake.only().subscription.position = { epoch: 'a', offset: 7 }
    render(show('hidden'))
    expect(fake.open.size).toBe(0)
    render(show('visible'))
    expect(fake.only().options).toEqual({ position: { epoch: 'a', offset: 7 }, label: 'Channel' })
  })

  it('subscribes to nothing without a channel', () => {
    function Nothing() {
      return <p>{useChannel(undefined).state}</p>
    }
    render(
      <StaywireProvider client={fake.client}>
        <Nothing />
      </StaywireProvider>,
    )
    expect([page(), fake.history]).toEqual(['idle', []])
  })

  it('labels the subscription with its component, through hooks of the app’s own, unless it has a label', () => {
    const useFeed = () => useChannel('chat:1')
    const Feed = () => <p>{useFeed().state}</p>
    const Board = () => <p>{useChannel('chat:1', undefined, { label: 'board' }).state}</p>
    const show = (feed: ReactNode) => <StaywireProvider client={fake.client}>{feed}</StaywireProvider>
    render(show(<Feed />))
    expect(fake.only().options).toEqual({ label: 'Feed' })
    render(show(<Board />))
    expect(fake.only().options).toEqual({ label: 'board' })
  })

  it('says what to do when there is no provider', () => {
    expect(() => renderToString(<Channel />)).toThrow('A Staywire hook was called outside of `StaywireProvider`.')
  })
})

describe('useConnection', () => {
  const clients: unknown[] = []
  let renders = 0
  function Connection() {
    const { status, cause, retryAt, connect, disconnect, client } = useConnection()
    renders++
    clients.push(client)
    return (
      <button onClick={() => (status === 'idle' ? void connect() : disconnect({ end: true }))}>
        {`${status} ${cause?.reason ?? '-'} ${retryAt ?? '-'}`}
      </button>
    )
  }
  const show = () => (
    <StaywireProvider client={fake.client}>
      <Connection />
    </StaywireProvider>
  )

  it('follows status, cause and the next attempt, and renders only when one of them changed', () => {
    render(show())
    expect(page()).toBe('idle - -')
    act(() => fake.become('waiting', 1234))
    expect(page()).toBe('waiting gone 1234')
    renders = 0
    act(() => fake.become('waiting', 1234))
    expect(renders).toBe(0)
  })

  it('asks for no connection by itself; connect and disconnect are the client’s', () => {
    render(show())
    expect(fake.history).toEqual([])
    const click = () => act(() => document.querySelector('button')?.click())
    click()
    act(() => fake.become('connected'))
    click()
    expect(fake.history).toEqual(['connect', 'disconnect {"end":true}'])
  })

  it('hands out the client and stops listening when unmounted', () => {
    render(show())
    expect(clients.at(-1)).toBe(fake.client)
    expect(fake.listeners.size).toBe(1)
    render(null)
    expect(fake.listeners.size).toBe(0)
  })

  it('renders at rest on a server, makes no client from a URL there, and opens nothing', () => {
    clients.length = 0
    const html = renderToString(
      <StaywireProvider url="/relative/urls/mean/nothing/on/a/server">
        <Connection />
      </StaywireProvider>,
    )
    expect(html).toContain('idle - -')
    expect(clients).toEqual([undefined])
    expect(renderToString(show())).toContain('idle - -')
    expect([fake.history, fake.listeners.size]).toEqual([[], 0])
  })
})

describe('usePresence', () => {
  it('shows who is there and asks for members', () => {
    function Presence() {
      const { members, count } = usePresence('chat:1')
      return <p>{`${count} ${members.map(({ user }) => user).join()}`}</p>
    }
    render(
      <StrictMode>
        <StaywireProvider client={fake.client}>
          <Presence />
        </StaywireProvider>
      </StrictMode>,
    )
    expect([page(), fake.only().options]).toEqual(['0 ', { presence: 'members', label: 'Presence' }])
    act(() => fake.only().handlers.presence?.({ count: 2, members: [{ user: 'ada' }, { user: 'bob' }] }))
    expect(page()).toBe('2 ada,bob')
    render(null)
    expect(fake.open.size).toBe(0)
  })
})

describe('usePublish', () => {
  it('publishes to the channel, with the same function at every render', () => {
    const functions = new Set<unknown>()
    function Composer({ text }: { text: string }) {
      const publish = usePublish<{ text: string }>('chat:1')
      functions.add(publish)
      return <button onClick={() => void publish({ text })}>{text}</button>
    }
    const show = (text: string) => (
      <StaywireProvider client={fake.client}>
        <Composer text={text} />
      </StaywireProvider>
    )
    render(show('hi'))
    render(show('ho'))
    act(() => document.querySelector('button')?.click())
    expect([fake.published, functions.size]).toEqual([[['chat:1', { text: 'ho' }]], 1])
  })
})
