/** The floor: one prebuilt buffer written to each socket, one write per publication. Every ratio in a report is against this server. */

import { serve } from './bench-server.ts'
import { netEngine } from './net-engine.ts'
import { plainServer } from './plain.ts'

serve(plainServer(netEngine((link, frame) => link.write(frame))))
