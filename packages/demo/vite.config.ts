// Builds the page as static files for the root of a gateway. Nothing is inlined: the gateway's content security policy
// allows no `data:` addresses. In development the page's own server passes on what belongs to the gateway.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The browser's `Host` goes through as it is: the gateway compares it with the page's origin. */
const gateway = { target: process.env['STAYWIRE_URL'] ?? 'http://127.0.0.1:8080', changeOrigin: false, ws: true }

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true, assetsInlineLimit: 0 },
  server: {
    proxy: { '/realtime': gateway, '/demo': gateway, '/api': gateway, '/dashboard': gateway },
  },
})
