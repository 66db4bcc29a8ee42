// The whole chat with everything around it, without props: put it anywhere.

import { StaywireProvider } from 'staywire/react'
import { AlertsPanel } from './panels/alerts-panel.tsx'
import { ErrorPanel } from './panels/error-panel.tsx'
import { HealthPanel } from './panels/health-panel.tsx'
import { NoticeList } from './panels/notice-list.tsx'
import { QueuePanel } from './panels/queue-panel.tsx'
import { StateDisplay } from './panels/state-display.tsx'
import { Room } from './room.tsx'
import { useChat } from './use-chat.ts'
import { client } from './ws-service.ts'

export function RobustChatContainer() {
  return (
    <StaywireProvider client={client}>
      <Chat />
    </StaywireProvider>
  )
}

function Chat() {
  const chat = useChat('chat:robust')
  return (
    <>
      <header className="bar">
        <strong className="brand">Robust chat</strong>
        <StateDisplay />
      </header>
      <div className="sides">
        <main>
          <NoticeList gap={chat.gap} outcome={chat.outcome} />
          <Room messages={chat.messages} send={chat.send} />
        </main>
        <aside>
          <QueuePanel queue={chat.queue} />
          <HealthPanel />
          <ErrorPanel />
          <AlertsPanel />
        </aside>
      </div>
    </>
  )
}
