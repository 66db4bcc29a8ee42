// Builds the page as static files with relative addresses, so that it works under any path. `npm run dev` serves it from
// memory and passes what is not the page on to the gateway.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = { target: process.env['STAYWIRE_GATEWAY'] ?? 'http://127.0.0.1:8080', ws: true }

export default defineConfig({
  base: './',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/realtime': gateway, '/api': gateway, '/health': gateway, '/dashboard': gateway },
  },
  build: { target: 'es2023', sourcemap: true },
})
