// Builds the operations page as static files for `/dashboard/`. Nothing is inlined: the gateway's content security policy
// allows no `data:` addresses. In development the page's own server passes on what belongs to the gateway.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env['STAYWIRE_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/dashboard/',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true, assetsInlineLimit: 0 },
  server: { proxy: { '/api': { target: gateway, changeOrigin: false, ws: true } } },
})
