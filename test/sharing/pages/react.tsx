// A React app in StrictMode with React Router: each room holds ten components, one of which can be put aside by `<Activity>` and
// one of which waits in `<Suspense>` before it is first shown.

import { Activity, StrictMode, Suspense, use, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createHashRouter, Outlet, useParams } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { createClient } from 'staywire/client'
import { StaywireProvider, usePresence } from 'staywire/react'
import { Feed } from './feed.tsx'
import { visit } from './visit.ts'
import { channelOf, COMPONENTS, getToken, visitor } from './wire.ts'

function Shell() {
  return (
    <main>
      <Outlet />
    </main>
  )
}

function Room() {
  const room = useParams()['room'] ?? ''
  return <Board room={room} key={room} />
}

function Board({ room }: { room: string }) {
  const [aside, setAside] = useState(false)
  const [ready] = useState(() => new Promise<void>((resolve) => setTimeout(resolve, 5)))
  useEffect(() => visit.shows(setAside, aside), [aside])
  return (
    <section data-room={room}>
      {Array.from({ length: COMPONENTS - 3 }, (_, index) => (
        <Feed key={index} channel={channelOf(room, index)} />
      ))}
      {visitor.over === 'staywire' ? (
        <People channel={channelOf(room, 0)} />
      ) : (
        <Feed channel={channelOf(room, COMPONENTS - 3)} />
      )}
      <Activity mode={aside ? 'hidden' : 'visible'}>
        <Feed channel={channelOf(room, COMPONENTS - 2)} />
      </Activity>
      <Suspense fallback={<p>waiting</p>}>
        <Late ready={ready} channel={channelOf(room, COMPONENTS - 1)} />
      </Suspense>
    </section>
  )
}

function People({ channel }: { channel: string }) {
  const { count } = usePresence(channel)
  return <p className="people" data-live={count > 0} />
}

function Late({ ready, channel }: { ready: Promise<void>; channel: string }) {
  use(ready)
  return <Feed channel={channel} />
}

if (location.hash === '') location.hash = '#/room/hall'
const router = createHashRouter([{ element: <Shell />, children: [{ path: '/room/:room', element: <Room /> }] }])
visit.inspect = () => createClient('/realtime', { getToken }).inspect()
visit.go = (room) => void router.navigate(`/room/${room}`)

const app = <RouterProvider router={router} />
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {visitor.over === 'staywire' ? (
      <StaywireProvider url="/realtime" options={{ getToken }}>
        {app}
      </StaywireProvider>
    ) : (
      app
    )}
  </StrictMode>,
)
