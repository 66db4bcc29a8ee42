// Publishing to one channel from event handlers.

import { useCallback } from 'react'
import type { ChannelName, ClientPublishOptions, Published } from '../client/index.ts'
import { useClientSource } from './client-source.ts'

/** A function that publishes to `channel`, the same one until the channel changes. It resolves when the server has stored it. */
export function usePublish<Data = unknown>(
  channel: ChannelName<Data>,
): (data: Data, options?: ClientPublishOptions) => Promise<Published> {
  const source = useClientSource()
  return useCallback((data, options) => source.get().publish(channel, data, options), [source, channel])
}
