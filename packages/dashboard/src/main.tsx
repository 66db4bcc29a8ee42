// Draws the page into #root. Holds no state of its own.
import { createRoot } from 'react-dom/client'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(<h1>Staywire operations</h1>)
