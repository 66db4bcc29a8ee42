// The page of one user: what came, what to send, and their devices.

import { useCallback, useState, type SubmitEvent } from 'react'
import { Devices } from './devices.tsx'
import type { Notification } from './notification.ts'
import { useNotificationSocket } from './use-notification-socket.ts'

const MOST = 50

/** The page. */
export function App({ userId }: { readonly userId: string }) {
  const [notifications, setNotifications] = useState<readonly Notification[]>([])
  const take = useCallback((one: Notification) => setNotifications((before) => [one, ...before].slice(0, MOST)), [])
  const { socket, connected } = useNotificationSocket(userId, take)
  return (
    <>
      <header className="bar">
        <strong className="brand">Notifications of {userId}</strong>
        <span className="pill" data-connected={connected}>
          {connected ? 'connected' : 'not connected'}
        </span>
        {!connected && <button onClick={() => socket?.connect()}>Connect</button>}
      </header>
      <div className="sides">
        <main>
          <Send userId={userId} />
          {notifications.map(({ id, text, at }) => (
            <article className="notification card" key={id}>
              <p>{text}</p>
              <time className="soft">{new Date(at).toLocaleTimeString()}</time>
            </article>
          ))}
        </main>
        <Devices userId={userId} own={connected ? socket?.id : undefined} />
      </div>
    </>
  )
}

/** What a backend does, as a form. */
function Send({ userId }: { readonly userId: string }) {
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = new FormData(event.currentTarget).get('text')
    event.currentTarget.reset()
    void fetch(`/api/users/${encodeURIComponent(userId)}/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    })
  }
  return (
    <form onSubmit={send}>
      <input name="text" placeholder={`Notify every device of ${userId}`} autoComplete="off" required />
      <button>Send</button>
    </form>
  )
}
