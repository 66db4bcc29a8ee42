// The hook as apps of this service have it, with the client of Socket.IO: nothing in here knows of Staywire.

import { useEffect, useState } from 'react'
import { io, type Socket } from 'socket.io-client'
import type { Notification } from './notification.ts'

const PING_EVERY_MS = 20_000

/** A socket for a user while the component is mounted. */
export function useNotificationSocket(
  userId: string,
  onNotification: (notification: Notification) => void,
): { socket: Socket | null; connected: boolean } {
  const [socket, setSocket] = useState<Socket | null>(null)
  const [connected, setConnected] = useState(false)

  useEffect(() => {
    const own = io('/notifications', {
      query: { userId },
      transports: ['websocket', 'polling'],
      // Another user is another connection, not another room of this one.
      forceNew: true,
      reconnectionAttempts: 5,
      reconnectionDelay: 1_000,
      timeout: 20_000,
    })
    own.on('connect', () => {
      setSocket(own)
      setConnected(true)
    })
    own.on('disconnect', () => setConnected(false))
    own.on('notification', onNotification)
    const timer = setInterval(() => {
      if (own.connected) own.emit('ping')
    }, PING_EVERY_MS)
    return () => {
      clearInterval(timer)
      own.disconnect()
    }
  }, [userId, onNotification])

  return { socket, connected }
}
