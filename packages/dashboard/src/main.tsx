// Mounts the operations page.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import '@staywire/look/base.css'
import '@staywire/look/chart.css'
import './styles/page.css'
import './styles/table.css'

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
