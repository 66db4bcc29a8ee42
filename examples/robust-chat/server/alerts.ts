// What the operators of this chat are told about, beside what every server is: one rule of each severity.

import { DEFAULT_ALERT_RULES, type AlertRule } from 'staywire/operations'
import { settings } from './settings.ts'

const overMs = settings.ALERT_WINDOW_MS

/** The rules. */
export const alertRules: readonly AlertRule[] = [
  ...DEFAULT_ALERT_RULES,
  {
    name: 'chat-reconnects',
    severity: 'INFO',
    measure: { kind: 'rate', metric: 'staywire_connects_total', overMs },
    above: 1,
    summary: 'More than one connect in a second: people come back after something was away.',
  },
  {
    name: 'chat-drops',
    severity: 'WARN',
    measure: { kind: 'rate', metric: 'staywire_closes_by_class_total{class="network"}', overMs },
    above: settings.ALERT_DROPS_PER_SECOND,
    summary: 'Connections vanish without a word. Look at what stands between people and this server.',
  },
  {
    name: 'chat-store-away',
    severity: 'ERROR',
    measure: { kind: 'value', metric: 'staywire_store_available' },
    below: 1,
    summary: 'Messages cannot be stored, and are refused until they can. Look at the disk.',
  },
]
