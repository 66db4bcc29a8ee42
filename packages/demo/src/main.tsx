// Mounts the page. StrictMode stays on in production builds too: it must cost no connection.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import '@staywire/look/base.css'
import '@staywire/look/chart.css'
import './styles/sign-in.css'
import './styles/layout.css'
import './styles/connection.css'
import './styles/rooms.css'
import './styles/panels.css'
import './styles/notices.css'

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
