// The page is made with nothing but the library.

import { defineConfig } from 'vite'

export default defineConfig({
  // Bundled before the first page is asked for: what is found later reloads it.
  optimizeDeps: { include: ['staywire/client'] },
})
