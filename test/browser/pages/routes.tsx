// A small React app in StrictMode with two routes and a third that has no channel. Each route holds two components on
// its one channel; going to another route unmounts them.

import { StrictMode, useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { StaywireProvider, useChannel, useConnection, usePresence } from 'staywire/react'

const { url, token } = window.gateway

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

function App() {
  const route = useSyncExternalStore(subscribe, () => location.hash.slice(1))
  const { status } = useConnection()
  return (
    <>
      <p id="status">{status}</p>
      {route !== '' && <Route key={route} channel={`chat:${route}`} />}
    </>
  )
}

function Route({ channel }: { channel: string }) {
  const { count } = usePresence(channel)
  return (
    <section id={channel.replace(':', '-')}>
      <p className="count">{count}</p>
      <Feed channel={channel} />
    </section>
  )
}

function Feed({ channel }: { channel: string }) {
  const [texts, setTexts] = useState<readonly string[]>([])
  const { state } = useChannel<{ text: string }>(channel, ({ data }) => setTexts((before) => [...before, data.text]))
  return (
    <p className="feed" data-state={state}>
      {texts.join(' ')}
    </p>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StaywireProvider url={`${url}/realtime`} options={{ getToken: () => token }}>
      <App />
    </StaywireProvider>
  </StrictMode>,
)
