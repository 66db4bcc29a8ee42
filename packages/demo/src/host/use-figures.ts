// The last two minutes of the host's figures: from history where the channel keeps one, then live.

import { useEffect, useState } from 'react'
import { useChannel, useConnection, type ChannelState } from 'staywire/react'
import type { ChannelName } from 'staywire/protocol'
import { extend, SERIES_MAX, type HostFigures } from './figures.ts'

const CHANNEL: ChannelName<HostFigures> = 'host:figures'

/** The series, oldest first, and how its subscription stands. */
export function useFigures(): { series: readonly HostFigures[]; state: ChannelState['state'] } {
  const [series, setSeries] = useState<readonly HostFigures[]>([])
  const { client } = useConnection()
  const { state } = useChannel(CHANNEL, ({ data }) => setSeries((before) => extend(before, [data])), {
    label: 'HostPanel',
  })
  useEffect(() => {
    if (state !== 'live' || client === undefined) return
    client.history(CHANNEL, { limit: SERIES_MAX }).then(
      ({ publications }) =>
        setSeries((before) =>
          extend(
            before,
            publications.map(({ data }) => data),
          ),
        ),
      () => {}, // a channel without history starts empty
    )
  }, [state, client])
  return { series, state }
}
