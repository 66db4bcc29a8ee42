// One component's subscription to one channel: open while it is mounted.

import { computed, shallowRef, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type {
  ChannelName,
  Gap,
  Outcome,
  Publication,
  StaywireError,
  SubscribeOptions,
  Subscription,
} from '../client/index.ts'
import { useOpenChannel } from './use-open-channel.ts'

/** How a subscription stands. */
export interface UseChannel {
  /** `idle`: no channel was given, or not mounted yet. */
  readonly state: ComputedRef<'idle' | Subscription['state']>
  /** What became of continuity at the last (re)subscribe. */
  readonly outcome: ComputedRef<Outcome | undefined>
  /** The last gap: publications that cannot be had. Stays after a later `recovered`; a new gap is a new object. */
  readonly gap: ComputedRef<Gap | undefined>
  /** Why it was refused or ended. */
  readonly error: ComputedRef<StaywireError | undefined>
}

interface State {
  state: 'idle' | Subscription['state']
  outcome?: Outcome
  gap?: Gap
  error?: StaywireError
}

/** Subscribes to `channel` while the component is mounted, and anew when its value changes (`undefined`: to nothing). */
export function useChannel<Data = unknown>(
  channel: MaybeRefOrGetter<ChannelName<Data> | undefined>,
  onPublication?: (publication: Publication<Data>) => void,
  options?: SubscribeOptions,
): UseChannel {
  const now = shallowRef<State>({ state: 'idle' })
  useOpenChannel(channel, (client, name, labelled) => {
    now.value = { state: 'idle' }
    if (name === undefined) return undefined
    const subscription = client.subscribe(name, onPublication, { ...labelled, ...options })
    const change = (part: Partial<State>): void => {
      now.value = { ...now.value, ...part, state: subscription.state }
    }
    subscription.on('outcome', (outcome, { gap }) => change(gap ? { outcome, gap } : { outcome }))
    subscription.on('error', (error) => change({ error }))
    change({})
    return () => subscription.unsubscribe()
  })
  return {
    state: computed(() => now.value.state),
    outcome: computed(() => now.value.outcome),
    gap: computed(() => now.value.gap),
    error: computed(() => now.value.error),
  }
}
