// Which of four tones a status is shown in.

import type { Status } from 'staywire/client'

/** `good`: live · `busy`: on its way by itself · `rest`: down on purpose · `bad`: will not come back by itself. */
export type Tone = 'good' | 'busy' | 'rest' | 'bad'

const TONES: Record<Status, Tone> = {
  idle: 'rest',
  connecting: 'busy',
  connected: 'good',
  waiting: 'busy',
  'signed-out': 'bad',
  failed: 'bad',
  'gave-up': 'bad',
  stopped: 'bad',
  asleep: 'rest',
  disconnected: 'rest',
  closed: 'bad',
}

/** The tone of a status. */
export const toneOf = (status: Status): Tone => TONES[status]
