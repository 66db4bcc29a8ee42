// Builds the page as static files for the root of a gateway. Nothing is inlined: the gateway's content security policy
// allows no `data:` addresses. In development the page's own server passes on what belongs to the gateway.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env['STAYWIRE_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true, assetsInlineLimit: 0 },
  server: {
    proxy: { '/realtime': { target: gateway, ws: true }, '/demo': gateway, '/api': gateway, '/dashboard': gateway },
  },
})
