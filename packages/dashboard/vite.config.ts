// Builds the page as static files with relative addresses, so that it works under any path.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true },
})
