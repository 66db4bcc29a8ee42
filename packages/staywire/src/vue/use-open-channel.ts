// Keeps one subscription open on whatever channel a ref or getter names, for as long as the component is mounted.

import { toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { ChannelName, Client } from '../client/index.ts'
import { useClientSource } from './client-source.ts'
import { whileMounted } from './while-mounted.ts'

/** Calls `open` with each channel in turn, and the undo it returned before the next one and at the end. */
export function useOpenChannel<Data>(
  channel: MaybeRefOrGetter<ChannelName<Data> | undefined>,
  open: (client: Client, channel: ChannelName<Data> | undefined) => (() => void) | undefined,
): void {
  const source = useClientSource()
  whileMounted(() => {
    let undo: (() => void) | undefined
    const stop = watch(
      () => toValue(channel),
      (name) => {
        undo?.()
        undo = open(source.get(), name)
      },
      { immediate: true },
    )
    return () => {
      stop()
      undo?.()
    }
  })
}
