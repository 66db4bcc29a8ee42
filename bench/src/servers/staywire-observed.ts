/** Staywire with its operations: metrics, histories and findings are made of everything that happens. */

import { createOperations } from 'staywire/operations'
import { serveStaywire } from './staywire-server.ts'

serveStaywire(createOperations())
