// `useMessages` for React, in the two ways.

import { useEffect, useState } from 'react'
import { io } from 'socket.io-client'
import { useChannel } from 'staywire/react'
import { visitor, type Messages } from './wire.ts'

function useStaywire(channel: string): Messages {
  const [texts, setTexts] = useState<readonly string[]>([])
  const { state } = useChannel<{ text: string }>(channel, ({ data }) => setTexts((before) => [...before, data.text]))
  return { live: state === 'live', texts }
}

function useSocketIo(channel: string): Messages {
  const [texts, setTexts] = useState<readonly string[]>([])
  const [live, setLive] = useState(false)
  useEffect(() => {
    // In its favour: by default it polls first, and what a page leaves of that counts for 45 s more.
    const socket = io({ query: { channel }, transports: ['websocket'] })
    socket.on('connect', () => setLive(true))
    socket.on('disconnect', () => setLive(false))
    socket.on('message', (text: string) => setTexts((before) => [...before, text]))
    return () => void socket.disconnect()
  }, [channel])
  return { live, texts }
}

/** The messages of a channel while the component is mounted. */
export const useMessages = visitor.over === 'staywire' ? useStaywire : useSocketIo
