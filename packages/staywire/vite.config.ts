// Builds the script of the shared worker: one classic script, for that is what every browser starts from one URL. The library
// itself is built by the compiler alone.
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    lib: { entry: 'src/client/io/worker.ts', formats: ['iife'], name: 'staywire', fileName: () => 'worker.js' },
  },
})
