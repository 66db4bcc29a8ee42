// Publishing to one channel from event handlers.

import { toValue, type MaybeRefOrGetter } from 'vue'
import type { ChannelName, ClientPublishOptions, Published } from '../client/index.ts'
import { useClientSource } from './client-source.ts'

/** A function that publishes to the channel that `channel` names at the time. It resolves when the server has stored it. */
export function usePublish<Data = unknown>(
  channel: MaybeRefOrGetter<ChannelName<Data>>,
): (data: Data, options?: ClientPublishOptions) => Promise<Published> {
  const source = useClientSource()
  return (data, options) => source.get().publish(toValue(channel), data, options)
}
