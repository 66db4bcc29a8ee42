// What fires, what did, what is expected, and keeping a rule quiet for a while.

import type { OperationsCore } from '../operations.ts'
import { positive } from './field.ts'
import { route, type OperationsRoute } from './route.ts'
import { RouteError } from './route-error.ts'
import { about, listOf, named, object, TIME } from './schema.ts'

/** The routes about alerts and forecasts. */
export function alertRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [list(operations), silence(operations), forecast(operations)]
}

function list({ alerts }: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/alerts',
    about: 'What fires, the worst first, what fired, the latest first, and the rules: `{active[], past[], rules[]}`.',
    answer: object({ active: listOf(named('Alert')), past: listOf(named('Alert')), rules: listOf(named('AlertRule')) }),
    handle: () => ({
      active: alerts.active,
      past: alerts.past,
      rules: alerts.rules.map(({ name, severity, summary }) => ({ name, severity, summary })),
    }),
  })
}

function silence({ alerts, world }: OperationsCore): OperationsRoute {
  return route({
    method: 'POST',
    path: '/api/v1/alerts/:rule/silence',
    about: 'Keeps a rule quiet for `{forMs}`: it is listed, and told to nobody. Answers `{until}`.',
    body: { forMs: positive('How long, in milliseconds. Default: an hour.') },
    answer: object({ until: about('When it is told again.', TIME) }),
    errors: { 404: 'There is no such rule.' },
    handle: ({ parameters: { rule = '' }, body: { forMs = HOUR_MS } }) => {
      const until = world.now() + forMs
      if (!alerts.silence(rule, until)) throw new RouteError(404, 'no-rule', 'There is no such rule.')
      return { until }
    },
  })
}

function forecast({ forecasts }: OperationsCore): OperationsRoute {
  return route({
    method: 'GET',
    path: '/api/v1/forecast',
    about: 'What is expected of the next hour, minute by minute: `{forecasts[]}`.',
    answer: object({ forecasts: listOf(named('Forecast')) }),
    handle: () => ({ forecasts: forecasts.list() }),
  })
}

const HOUR_MS = 3_600_000
