// The way in. Node runs TypeScript, but no decorators: Vite translates them, as the compiler of a Nest project does.

import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import type * as Application from './application.ts'

const { module } = await runnerImport<typeof Application>(fileURLToPath(new URL('application.ts', import.meta.url)))
await module.start()
