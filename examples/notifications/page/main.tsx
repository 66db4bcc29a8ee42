// Puts the page together: for the user that its address names.

import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import '@staywire/look/example.css'
import './page.css'

const userId = new URLSearchParams(location.search).get('user') ?? 'ada'
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App userId={userId} />)
