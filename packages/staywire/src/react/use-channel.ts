// One component's subscription to one channel: open while it is mounted, one however often React mounts it.

import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import type {
  ChannelName,
  Gap,
  Outcome,
  Position,
  Publication,
  StaywireError,
  SubscribeOptions,
  Subscription,
} from '../client/index.ts'
import { type ClientSource, useClientSource } from './client-source.ts'
import { componentName } from './component-name.ts'
import { openedStore, type Store } from './store.ts'

/** How a subscription stands. */
export interface ChannelState {
  /** `idle`: no channel was given, or not mounted yet. */
  readonly state: 'idle' | Subscription['state']
  /** What became of continuity at the last (re)subscribe. */
  readonly outcome: Outcome | undefined
  /** The last gap: publications that cannot be had. Stays after a later `recovered`; a new gap is a new object. */
  readonly gap: Gap | undefined
  /** Why it was refused or ended. */
  readonly error: StaywireError | undefined
}

const IDLE: ChannelState = { state: 'idle', outcome: undefined, gap: undefined, error: undefined }

/**
 * Subscribes to `channel` while the component is mounted (`undefined`: to nothing). `onPublication` may be a new function
 * at every render; the latest is called. `options` count when the channel changes. A hidden `<Activity>` unsubscribes and,
 * when it shows again, recovers from where it was.
 */
export function useChannel<Data = unknown>(
  channel: ChannelName<Data> | undefined,
  onPublication?: (publication: Publication<Data>) => void,
  options?: SubscribeOptions,
): ChannelState {
  const source = useClientSource()
  const store = useMemo(() => channelStore(source, channel, componentName()), [source, channel])
  useInsertionEffect(() => store.want({ onPublication, options }))
  return useSyncExternalStore(store.subscribe, store.snapshot, () => IDLE)
}

interface Wanted<Data> {
  readonly onPublication: ((publication: Publication<Data>) => void) | undefined
  readonly options: SubscribeOptions | undefined
}

interface ChannelStore<Data> extends Store<ChannelState> {
  /** Takes what the newest render wants. */
  want(wanted: Wanted<Data>): void
}

function channelStore<Data>(
  source: ClientSource,
  channel: ChannelName<Data> | undefined,
  component: string | undefined,
): ChannelStore<Data> {
  let wanted: Wanted<Data> | undefined
  let left: Position | undefined
  let last = IDLE
  const store = openedStore(IDLE, (push) => {
    if (channel === undefined) return () => {}
    const presence = wanted?.options?.presence
    const position = left ?? wanted?.options?.position
    const label = wanted?.options?.label ?? component
    const subscription = source.get().subscribe<Data>(channel, (item) => wanted?.onPublication?.(item), {
      ...(presence === undefined ? {} : { presence }),
      ...(position === undefined ? {} : { position }),
      ...(label === undefined ? {} : { label }),
    })
    const undo = watch(subscription, last, (state) => push((last = state)))
    return () => {
      undo()
      left = subscription.position ?? left
      subscription.unsubscribe()
    }
  })
  return {
    ...store,
    want(next) {
      wanted = next
    },
  }
}

function watch<Data>(
  subscription: Subscription<Data>,
  before: ChannelState,
  push: (state: ChannelState) => void,
): () => void {
  let current: ChannelState = { ...before, state: subscription.state, error: undefined }
  const change = (part: Partial<ChannelState>) => {
    current = { ...current, ...part, state: subscription.state }
    push(current)
  }
  const undo = [
    subscription.on('outcome', (outcome, { gap }) => change(gap ? { outcome, gap } : { outcome })),
    subscription.on('error', (error) => change({ error })),
  ]
  push(current)
  return () => {
    for (const off of undo) off()
  }
}
