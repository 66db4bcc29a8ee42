// Keeps one subscription open on whatever channel a ref or getter names, for as long as the component is mounted.

import { getCurrentInstance, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { ChannelName, Client, SubscribeOptions } from '../client/index.ts'
import { useClientSource } from './client-source.ts'
import { whileMounted } from './while-mounted.ts'

/** Calls `open` with each channel in turn, and the undo it returned before the next one and at the end. `labelled` names the component. */
export function useOpenChannel<Data>(
  channel: MaybeRefOrGetter<ChannelName<Data> | undefined>,
  open: (
    client: Client,
    channel: ChannelName<Data> | undefined,
    labelled: Pick<SubscribeOptions, 'label'>,
  ) => (() => void) | undefined,
): void {
  const source = useClientSource()
  // As Vue's own tools name components.
  const { name, __name } = getCurrentInstance()?.type ?? {}
  const label = name ?? __name
  const labelled = label === undefined ? {} : { label }
  whileMounted(() => {
    let undo: (() => void) | undefined
    const stop = watch(
      () => toValue(channel),
      (named) => {
        undo?.()
        undo = open(source.get(), named, labelled)
      },
      { immediate: true },
    )
    return () => {
      stop()
      undo?.()
    }
  })
}
