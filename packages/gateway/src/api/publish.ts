// Publishing over HTTP: to a channel, or to one user wherever they are.

import type { Server, PublishResult } from 'staywire/server'
import { z } from 'zod'
import { ok, type Answer } from '../http/answer.ts'
import type { Route } from '../http/route.ts'
import { anyJson, bodyOf } from './input.ts'
import { bodyShape, position, shapeOf } from './shape.ts'

const extras = {
  key: z.exactOptional(z.string()),
  meta: z.exactOptional(z.record(z.string(), z.json())),
}
const toChannel = z.strictObject({ channel: z.string(), data: anyJson, ...extras })
const toUser = z.strictObject({ data: anyJson, ...extras })

const PUBLISHED = {
  answer: shapeOf(z.object({ position: z.exactOptional(position), duplicate: z.exactOptional(z.literal(true)) })),
  errors: {
    409: 'The key was used for something else.',
    413: 'The data is too large.',
    422: 'The data does not fit the schema of the channel.',
    503: 'It cannot be stored now.',
  },
} as const

/** The routes that publish. */
export function publishRoutes(server: Server): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/publish',
      access: 'admin',
      about: 'Publishes `{channel, data, key?, meta?}`; answers `{position, duplicate?}` once it is stored.',
      shape: { body: bodyShape(toChannel), ...PUBLISHED },
      handle: async (request) => {
        const { channel, data, ...options } = await bodyOf(request, toChannel)
        return published(await server.publish(channel, data, options))
      },
    },
    {
      method: 'POST',
      path: '/api/v1/users/:id/publish',
      access: 'admin',
      about: 'Publishes `{data, key?, meta?}` to every connection of a user; answers like publish.',
      shape: { body: bodyShape(toUser), ...PUBLISHED },
      handle: async (request) => {
        const { data, ...options } = await bodyOf(request, toUser)
        return published(await server.user(request.parameters['id'] ?? '').publish(data, options))
      },
    },
  ]
}

function published({ position, duplicate }: PublishResult): Answer {
  return ok({ ...(position && { position }), ...(duplicate && { duplicate }) })
}
