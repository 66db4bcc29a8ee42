// The test suites: `unit` beside the sources on virtual time, and one per folder of test/ with real sockets and browsers.
import { defineConfig } from 'vitest/config'

const folder = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
})

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/*.test.ts', 'bench/src/**/*.test.ts'],
          testTimeout: 5_000,
          // Pure code leaves nothing behind for the next file; a worker for each would take four times as long.
          isolate: false,
          pool: 'threads',
        },
      },
      folder('conformance', 20_000),
      folder('transports', 30_000),
      folder('gateway', 60_000),
      folder('store', 60_000),
      folder('simulation', 120_000),
      folder('operations', 120_000),
      folder('abuse', 120_000),
      folder('proxies', 120_000),
      folder('browser', 120_000),
      folder('sharing', 180_000),
      folder('examples', 120_000),
      folder('chaos', 180_000),
    ],
  },
})
