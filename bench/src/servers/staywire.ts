/** Staywire, observed by nobody. */

import { serve } from './bench-server.ts'
import { staywireServer } from './staywire-server.ts'

serve(staywireServer())
