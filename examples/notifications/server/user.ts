// Whose a socket is: the `userId` of its handshake, as the clients of this service send it. A service of your own asks for a token.

import { Logger } from '@nestjs/common'
import type { Socket } from 'socket.io'

const logger = new Logger('NotificationsGateway')

/** The user, or nothing for one who says none: logged, and sent away. */
export function userOf({ id, handshake }: Socket): string | undefined {
  const given = handshake.query['userId'] ?? (handshake.auth['userId'] as unknown)
  if (typeof given === 'string' && given !== '') return given
  logger.warn(`${id} says no userId: disconnected`)
  return undefined
}
