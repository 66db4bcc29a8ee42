/** Staywire with its operations: metrics, histories and findings are made of everything that happens. Beside it one without. */

import { createOperations } from 'staywire/operations'
import { serve } from './bench-server.ts'
import { staywireServer } from './staywire-server.ts'

serve(staywireServer(createOperations()), staywireServer())
