// The alerts that every server has unless told otherwise. Each says what it means and what to look at first.
import type { AlertRule, Measure } from './rule.ts'

const MINUTE_MS = 60_000
const FIVE_MINUTES_MS = 300_000

/** The mean of a histogram over the last five minutes. */
const meanOf = (histogram: string): Measure => {
  return { kind: 'ratio', metric: `${histogram}_sum`, of: `${histogram}_count`, overMs: FIVE_MINUTES_MS }
}
/** What one counter grew by as a share of what another did, over the last five minutes. */
const shareOf = (metric: string, of: string): Measure => ({ kind: 'ratio', metric, of, overMs: FIVE_MINUTES_MS })

/** The rules. */
export const DEFAULT_ALERT_RULES: readonly AlertRule[] = [
  {
    name: 'connections-near-limit',
    severity: 'WARN',
    measure: { kind: 'ratio', metric: 'staywire_connections', of: 'staywire_max_connections' },
    above: 0.9,
    clear: 0.8,
    forMs: MINUTE_MS,
    summary:
      'More than 90 % of the allowed connections are taken. Raise the limit, add a node, or look for leaks under Findings.',
  },
  {
    name: 'connections-limit-ahead',
    severity: 'WARN',
    measure: { kind: 'minutes-left', metric: 'staywire_connections', limit: 'staywire_max_connections' },
    below: 30,
    clear: 60,
    forMs: FIVE_MINUTES_MS,
    summary: 'At this pace the limit of connections is reached in so many minutes.',
  },
  {
    name: 'connections-unusual',
    severity: 'INFO',
    measure: { kind: 'anomaly', metric: 'staywire_connections' },
    above: 12,
    summary: 'The number of connections jumped by more than at any usual moment. See what closed, and who came.',
  },
  {
    name: 'memory-near-limit',
    severity: 'ERROR',
    measure: { kind: 'ratio', metric: 'process_resident_memory_bytes', of: 'process_memory_limit_bytes' },
    above: 0.85,
    clear: 0.75,
    forMs: MINUTE_MS,
    summary:
      'The process uses more than 85 % of the memory it may have. Soon it is killed; nodes in front of it should take over.',
  },
  {
    name: 'memory-limit-ahead',
    severity: 'WARN',
    measure: { kind: 'minutes-left', metric: 'process_resident_memory_bytes', limit: 'process_memory_limit_bytes' },
    below: 30,
    clear: 60,
    forMs: FIVE_MINUTES_MS,
    summary: 'At this pace the memory of the process is used up in so many minutes.',
  },
  {
    name: 'round-trips-slow',
    severity: 'WARN',
    measure: meanOf('staywire_heartbeat_rtt_seconds'),
    above: 1,
    clear: 0.7,
    forMs: MINUTE_MS,
    summary: 'Pings take more than a second on average: the network, or an event loop that has too much to do.',
  },
  {
    name: 'event-loop-late',
    severity: 'WARN',
    measure: { kind: 'value', metric: 'staywire_event_loop_lag_seconds{quantile="0.99"}' },
    above: 0.2,
    clear: 0.1,
    forMs: MINUTE_MS,
    summary: 'The event loop is late by more than 200 ms: something in this process computes for too long.',
  },
  {
    name: 'reconnect-storm',
    severity: 'WARN',
    measure: { kind: 'rate', metric: 'staywire_connects_total', overMs: MINUTE_MS },
    above: 100,
    clear: 50,
    summary:
      'More than 100 connections a second come in. After a deploy that passes; else see under Closed why they left.',
  },
  {
    name: 'zombies',
    severity: 'WARN',
    measure: shareOf('staywire_heartbeat_misses_total', 'staywire_heartbeat_rtt_seconds_count'),
    above: 0.2,
    clear: 0.1,
    summary: 'More than one ping in five is not answered: sleeping devices, a broken network, or pages that hang.',
  },
  {
    name: 'gaps',
    severity: 'WARN',
    measure: shareOf('staywire_recoveries_total{outcome="gap"}', 'staywire_recoveries_total'),
    above: 0.05,
    clear: 0.02,
    summary: 'More than 5 % of the subscriptions end in a gap: history is too short for how long clients are away.',
  },
  {
    name: 'slow-consumers',
    severity: 'WARN',
    measure: { kind: 'rate', metric: 'staywire_slow_consumers_total', overMs: FIVE_MINUTES_MS },
    above: 0.1,
    clear: 0.05,
    summary: 'Readers are closed because they read too slowly. Publish less to them, batch, or raise the outbox limit.',
  },
  {
    name: 'store-slow',
    severity: 'WARN',
    measure: meanOf('staywire_store_commit_seconds'),
    above: 0.25,
    clear: 0.1,
    forMs: MINUTE_MS,
    summary: 'Storing takes more than 250 ms on average: the disk is slow or full.',
  },
  {
    name: 'store-unavailable',
    severity: 'ERROR',
    measure: { kind: 'value', metric: 'staywire_store_available' },
    below: 1,
    summary: 'Nothing can be stored, so every publish is refused. See the log for what the disk says.',
  },
  {
    name: 'application-errors',
    severity: 'ERROR',
    measure: { kind: 'rate', metric: 'staywire_application_errors_total', overMs: MINUTE_MS },
    above: 0.5,
    clear: 0.1,
    summary:
      'The application’s own code (authenticate, authorize, calls, listeners) fails again and again. See the log.',
  },
  {
    name: 'frames-refused',
    severity: 'WARN',
    measure: shareOf('staywire_frames_refused_total', 'staywire_frames_received_total'),
    above: 0.1,
    clear: 0.05,
    summary: 'More than one frame in ten is refused: a client that is out of date, a missing rule, or an attack.',
  },
  {
    name: 'handshakes-failing',
    severity: 'WARN',
    measure: { kind: 'rate', metric: 'staywire_handshake_failures_total', overMs: MINUTE_MS },
    above: 10,
    clear: 5,
    summary: 'More than 10 handshakes a second fail. Closed lists them with their causes.',
  },
]
