// The page is made of Vue files.

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  // Bundled before the first page is asked for: what is found later reloads it.
  optimizeDeps: { include: ['vue', 'vue-router', 'staywire/client', 'staywire/vue'] },
})
