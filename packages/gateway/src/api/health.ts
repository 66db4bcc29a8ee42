// Health for load balancers and orchestrators: whether the process lives, and whether it should get traffic.

import { z } from 'zod'
import { errorAnswer, ok, type Answer } from '../http/answer.ts'
import type { Route } from '../http/route.ts'
import { shapeOf } from './shape.ts'

/** Whether the gateway takes clients. */
export interface Readiness {
  readonly state: 'starting' | 'ready' | 'draining' | 'store-unavailable'
}

/** The health routes. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health/live',
      access: 'anyone',
      about: 'Whether the process answers at all.',
      shape: { answer: shapeOf(z.object({ status: z.literal('ok') })) },
      handle: () => ok({ status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/health/ready',
      access: 'anyone',
      about: 'Whether new clients should be sent here; 503 while it drains or cannot store.',
      shape: {
        answer: shapeOf(z.object({ status: z.literal('ready') })),
        errors: { 503: 'It drains, is starting or cannot store.' },
      },
      handle: () => readinessAnswer(readiness.state),
    },
  ]
}

function readinessAnswer(state: Readiness['state']): Answer {
  if (state === 'ready') return ok({ status: 'ready' })
  const why = state === 'store-unavailable' ? 'cannot store publications' : `is ${state}`
  return errorAnswer(503, state, `The gateway ${why}.`)
}
