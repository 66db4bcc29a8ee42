// Health for load balancers and orchestrators: whether the process lives, and whether it should get traffic.

import { errorAnswer, ok } from '../http/answer.ts'
import type { Route } from '../http/route.ts'

/** Whether the gateway takes clients. */
export interface Readiness {
  readonly state: 'starting' | 'ready' | 'draining'
}

/** The health routes. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health/live',
      access: 'anyone',
      about: 'Whether the process answers at all.',
      handle: () => ok({ status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/health/ready',
      access: 'anyone',
      about: 'Whether new clients should be sent here; 503 while it starts or drains.',
      handle: () =>
        readiness.state === 'ready'
          ? ok({ status: 'ready' })
          : errorAnswer(503, readiness.state, `The gateway is ${readiness.state}.`),
    },
  ]
}
