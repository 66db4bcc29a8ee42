// The gateway: a room for each user, which every device of theirs is in. All that Staywire needs is the line in `afterInit`.

import { Inject } from '@nestjs/common'
import {
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
  type OnGatewayInit,
} from '@nestjs/websockets'
import { StaywireGateway } from '@staywire/nestjs'
import type { Namespace, Socket } from 'socket.io'
import type { Notification } from '../page/notification.ts'
import { CORS_ORIGINS, MAX_MESSAGE_BYTES, PING_INTERVAL_MS, PING_TIMEOUT_MS } from './settings.ts'
import { userOf } from './user.ts'

@WebSocketGateway({
  namespace: '/notifications',
  pingInterval: PING_INTERVAL_MS,
  pingTimeout: PING_TIMEOUT_MS,
  maxHttpBufferSize: MAX_MESSAGE_BYTES,
  transports: ['websocket', 'polling'],
  cors: { origin: CORS_ORIGINS, credentials: true },
})
export class NotificationsGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<Socket> {
  @WebSocketServer()
  private readonly namespace!: Namespace
  private readonly staywire: StaywireGateway

  constructor(@Inject(StaywireGateway) staywire: StaywireGateway) {
    this.staywire = staywire
  }

  afterInit(namespace: Namespace): void {
    this.staywire.govern(namespace)
  }

  async handleConnection(socket: Socket): Promise<void> {
    await socket.join(`user:${userOf(socket)}`)
  }

  /** The heartbeat of the application. */
  @SubscribeMessage('ping')
  ping(): { event: 'pong'; data: string } {
    return { event: 'pong', data: new Date().toISOString() }
  }

  /** To every device of a user. */
  notify(userId: string, notification: Notification): void {
    this.namespace.to(`user:${userId}`).emit('notification', notification)
  }
}
