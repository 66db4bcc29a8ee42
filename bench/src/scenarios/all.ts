/** Every scenario, in the order they are run and reported. */

import type { Scenario } from '../scenario.ts'
import { channels, relayed, relayedAcknowledged } from './channels.ts'
import { compression } from './compression.ts'
import { connectStorm } from './connect.ts'
import { durable } from './durable.ts'
import { echo } from './echo.ts'
import { fanOutBurst, fanOutSingle } from './fan-out.ts'
import { held } from './held.ts'
import { idleMemory } from './memory.ts'
import { recovery } from './recovery.ts'
import { observedChannels, observedFanOut } from './observed.ts'
import { poll, stream, streamBurst } from './stream.ts'
import { sweep } from './sweep.ts'

export const SCENARIOS: readonly Scenario[] = [
  fanOutSingle,
  fanOutBurst,
  channels,
  relayed,
  relayedAcknowledged,
  stream,
  streamBurst,
  poll,
  observedFanOut,
  observedChannels,
  echo,
  connectStorm,
  idleMemory,
  held,
  sweep,
  durable,
  recovery,
  compression,
]
