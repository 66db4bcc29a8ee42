/** Staywire, observed by nobody. */

import { serveStaywire } from './staywire-server.ts'

serveStaywire()
