// The page is made with React.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Bundled before the first page is asked for: what is found later reloads it.
  optimizeDeps: {
    include: ['react', 'react/jsx-dev-runtime', 'react-dom/client', 'staywire/client', 'staywire/react'],
  },
})
