// The schemas that several answers share, by the name they have in the document.

import { FORECAST_METRICS } from '../forecast/forecasts.ts'
import { CLOSE_CODES, HANDSHAKE_CAUSES, TRANSPORTS } from '../metrics/sets.ts'
import { ERROR_CLASSES } from '../history/error-history.ts'
import { FINDING_KINDS, FINDING_SEVERITIES } from '../findings/finding.ts'
import { about, COUNT, listOf, mapOf, NUMBER, object, oneOf, TEXT, TIME, YES_NO, type Schema } from './schema.ts'

const SEVERITIES = ['INFO', 'WARN', 'ERROR'] as const
const CLASSES = ['auth', 'connection', 'capacity', 'final', 'network'] as const
const ORIGIN = about('Who opened it; each chosen by the client.', {
  ...object({}, { browser: TEXT, tab: TEXT, page: TEXT, instance: TEXT, label: TEXT }),
})
const FACTS = {
  connection: TEXT,
  user: TEXT,
  address: TEXT,
  transport: oneOf(TRANSPORTS),
  origin: ORIGIN,
  connectedAt: TIME,
}
const TRAFFIC = { bytesIn: COUNT, bytesOut: COUNT, lastReceived: listOf(TEXT), lastSent: listOf(TEXT) }

/** By name. */
export const COMPONENTS: Readonly<Record<string, Schema>> = {
  Error: object({ error: object({ code: TEXT, message: TEXT }) }),
  Connection: object(
    {
      id: TEXT,
      user: TEXT,
      address: TEXT,
      transport: oneOf(TRANSPORTS),
      origin: ORIGIN,
      connectedAt: TIME,
      subscriptions: listOf(TEXT),
      lastSeenAt: TIME,
      missedPings: COUNT,
      outboxBytes: COUNT,
      bytesIn: COUNT,
      bytesOut: COUNT,
    },
    { slot: TEXT, session: TEXT, lastPingAt: TIME, lastPongAt: TIME, rttMs: COUNT },
  ),
  ClosedConnection: object(
    {
      ...FACTS,
      closedAt: TIME,
      durationMs: COUNT,
      code: { type: 'integer' },
      class: oneOf(CLASSES),
      reason: TEXT,
      by: oneOf(['server', 'client', 'network']),
      cause: about('Why, in words.', TEXT),
      ...TRAFFIC,
    },
    { slot: TEXT },
  ),
  FailedHandshake: object(
    { at: TIME, cause: oneOf(HANDSHAKE_CAUSES), address: TEXT, detail: TEXT },
    { status: COUNT, code: { type: 'integer' } },
  ),
  TimelineEntry: object({ at: TIME, what: TEXT, connection: TEXT, detail: TEXT }),
  User: object(
    {
      user: TEXT,
      connections: COUNT,
      browsers: about('How many browsers they come from; connections without a label count as one each.', COUNT),
      subscriptions: COUNT,
      connectedSince: TIME,
      transports: listOf(oneOf(TRANSPORTS)),
    },
    {},
  ),
  Finding: object(
    {
      id: TEXT,
      kind: oneOf(FINDING_KINDS),
      severity: oneOf(FINDING_SEVERITIES),
      title: TEXT,
      cause: TEXT,
      cure: TEXT,
      subject: object(
        {},
        {
          user: TEXT,
          browser: TEXT,
          tab: TEXT,
          page: TEXT,
          instance: TEXT,
          label: TEXT,
          address: TEXT,
          agent: TEXT,
        },
      ),
      since: TIME,
      count: about('How many connections show it.', COUNT),
      examples: about('Ids of some of them.', listOf(TEXT)),
      values: mapOf({ type: ['string', 'number'] }),
    },
    { variant: about('How it came about, where a kind has several causes.', TEXT) },
  ),
  Ban: object({ user: TEXT }, { until: TIME }),
  Channel: object({
    channel: TEXT,
    subscribers: COUNT,
    perSecond: about('Publications in a second, over the last ten seconds or so.', NUMBER),
  }),
  ErrorEntry: object(
    { at: TIME, class: oneOf(ERROR_CLASSES), code: TEXT, message: TEXT },
    { connection: TEXT, user: TEXT },
  ),
  ErrorCount: object({
    class: oneOf(ERROR_CLASSES),
    code: about(`A close code (${CLOSE_CODES.length} are told apart), an error code, a cause or a place.`, TEXT),
    total: COUNT,
    lastMinute: COUNT,
    last15Minutes: COUNT,
    lastHour: COUNT,
  }),
  Sample: object({
    at: TIME,
    connections: COUNT,
    websocket: COUNT,
    sse: COUNT,
    poll: COUNT,
    users: COUNT,
    ratio: about('Users for each connection; 1 while there are none.', NUMBER),
    subscriptions: COUNT,
    outboxBytes: COUNT,
    publications: COUNT,
    deliveries: COUNT,
    framesReceived: COUNT,
    errors: COUNT,
    closes: object(Object.fromEntries(CLASSES.map((name) => [name, COUNT]))),
    rttMs: NUMBER,
    rssBytes: COUNT,
    heapUsedBytes: COUNT,
    cpuShare: NUMBER,
    lagP99Ms: NUMBER,
  }),
  Forecast: object({
    metric: oneOf(FORECAST_METRICS),
    seasoned: about('Whether a whole day was seen, so that the shape of a day is known.', YES_NO),
    anomaly: about('How far the last value was from what was expected, in standard deviations.', NUMBER),
    points: listOf(object({ at: TIME, value: NUMBER, low: NUMBER, high: NUMBER })),
  }),
  Alert: object(
    {
      rule: TEXT,
      severity: oneOf(SEVERITIES),
      summary: TEXT,
      since: TIME,
      value: NUMBER,
      bound: NUMBER,
      silenced: YES_NO,
    },
    { endedAt: TIME },
  ),
  AlertRule: object({ name: TEXT, severity: oneOf(SEVERITIES), summary: TEXT }),
  Closed: object({ closed: COUNT }),
  Done: object({ closed: YES_NO }),
}
