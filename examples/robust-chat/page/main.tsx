// Puts the page together. StrictMode, which mounts everything twice in development, costs no connection.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RobustChatContainer } from './robust-chat-container.tsx'
import { wsService } from './ws-service.ts'
import '@staywire/look/example.css'
import './page.css'

window.wsService = wsService

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <RobustChatContainer />
    </StrictMode>,
  )
