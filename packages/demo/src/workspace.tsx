// The page of somebody signed in: rooms, the open conversation, people, the host. On a phone one pane at a time.

import { LookSwitches, Mark } from '@staywire/look'
import { useState } from 'react'
import { ConnectionBanner } from './connection/connection-banner.tsx'
import { ConnectionPill } from './connection/connection-pill.tsx'
import { account } from './account/account.ts'
import { HostPanel } from './host/host-panel.tsx'
import { UserNotices } from './notices/user-notices.tsx'
import { Avatar } from './people/avatar.tsx'
import { People } from './people/people.tsx'
import { roomOfHash } from './rooms/channels.ts'
import { Conversation } from './rooms/conversation.tsx'
import { RoomList } from './rooms/room-list.tsx'
import { RoomsProvider } from './rooms/rooms-provider.tsx'
import { useHash } from './rooms/use-hash.ts'
import { useWords } from './words/use-words.ts'

const PANES = ['chat', 'people', 'host'] as const
type Pane = (typeof PANES)[number]

export function Workspace({ user }: { user: string }) {
  const room = roomOfHash(useHash())
  const [pane, setPane] = useState<Pane>('chat')
  return (
    <RoomsProvider user={user}>
      <UserNotices user={user} />
      <div className="workspace" data-pane={pane}>
        <TopBar user={user} />
        <ConnectionBanner />
        <Aside room={room} />
        <Conversation room={room} />
        <aside className="panels">
          <People room={room} user={user} />
          <HostPanel />
        </aside>
        <PaneTabs pane={pane} setPane={setPane} />
      </div>
    </RoomsProvider>
  )
}

function TopBar({ user }: { user: string }) {
  const { words } = useWords()
  return (
    <header className="top">
      <span className="brand">
        <Mark /> <span className="brand-name">Staywire</span>
      </span>
      <ConnectionPill />
      <span className="top-end">
        <LookSwitches />
        <span className="me" title={user}>
          <Avatar name={user} />
          <span className="me-name">{user}</span>
        </span>
        <button className="quiet sign-out" onClick={() => account.signOut()}>
          {words.signOut}
        </button>
      </span>
    </header>
  )
}

function Aside({ room }: { room: ReturnType<typeof roomOfHash> }) {
  const { words } = useWords()
  return (
    <div className="side">
      <RoomList active={room} />
      <footer className="side-foot">
        <p>{words.openAnother}</p>
        <a href="/dashboard/">{words.operations}</a>
      </footer>
    </div>
  )
}

function PaneTabs({ pane, setPane }: { pane: Pane; setPane: (pane: Pane) => void }) {
  const { words } = useWords()
  return (
    <nav className="pane-tabs" aria-label={words.panes.label}>
      {PANES.map((name) => (
        <button key={name} aria-pressed={pane === name} onClick={() => setPane(name)}>
          {words.panes[name]}
        </button>
      ))}
    </nav>
  )
}
