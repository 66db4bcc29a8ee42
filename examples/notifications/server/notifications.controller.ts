// What backends and operators ask for, from this machine alone: to send, to look, and to send a device away.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Injectable,
  NotFoundException,
  Param,
  Post,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common'
import { fromThisMachine } from '@staywire-examples/site'
import { StaywireGateway } from '@staywire/nestjs'
import { NotificationsGateway } from './notifications.gateway.ts'

@Injectable()
class ThisMachine implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return fromThisMachine(context.switchToHttp().getRequest<IncomingMessage>())
  }
}

@Controller('api')
@UseGuards(ThisMachine)
export class NotificationsController {
  private readonly staywire: StaywireGateway
  private readonly gateway: NotificationsGateway

  constructor(
    @Inject(StaywireGateway) staywire: StaywireGateway,
    @Inject(NotificationsGateway) gateway: NotificationsGateway,
  ) {
    this.staywire = staywire
    this.gateway = gateway
  }

  @Post('users/:id/notifications')
  @HttpCode(202)
  notify(@Param('id') userId: string, @Body() body: { readonly text?: unknown }): { id: string } {
    if (typeof body.text !== 'string' || body.text === '') throw new BadRequestException('"text" is missing.')
    const notification = { id: randomUUID(), text: body.text, at: Date.now() }
    this.gateway.notify(userId, notification)
    return { id: notification.id }
  }

  @Get('stats')
  stats(): object {
    return this.staywire.governed.getConnectionStats()
  }

  @Get('users/:id/connections')
  connections(@Param('id') userId: string): object {
    return this.staywire.governed.getUserConnections(userId)
  }

  @Delete('connections/:id')
  async kick(@Param('id') id: string): Promise<{ closed: true }> {
    if (await this.staywire.governed.connections.close(id)) return { closed: true }
    throw new NotFoundException('There is no such connection.')
  }

  /** What the heartbeats cost, and how they stand. */
  @Get('heartbeats')
  heartbeats(): object {
    const { governed } = this.staywire
    const { connections } = governed.getConnectionStats()
    const missed = connections.reduce((sum, { missedPings }) => sum + missedPings, 0)
    return { ...governed.checks(), averageMissedPings: missed / Math.max(1, connections.length) }
  }
}
