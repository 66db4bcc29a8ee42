// Which request a frame makes.

import type { ClientFrame } from '../../protocol/frame.ts'
import { PublishRequest } from './publish-request.ts'
import { CallRequest, HistoryRequest, PresenceRequest } from './question-request.ts'
import { RefreshRequest } from './refresh-request.ts'
import type { Request } from './request.ts'
import { SubscribeRequest } from './subscribe-request.ts'
import { UnsubscribeRequest } from './unsubscribe-request.ts'

/** Whether a frame asks for nothing: it is handled at once, whatever its size. */
export function isSignal({ type }: ClientFrame): boolean {
  return type === 'ping' || type === 'pong' || type === 'disconnect'
}

/** The request that a frame makes; `undefined` for frames that are handled at once. */
export function requestOf(frame: ClientFrame): Request | undefined {
  switch (frame.type) {
    case 'publish':
      return new PublishRequest(frame)
    case 'subscribe':
      return new SubscribeRequest(frame)
    case 'unsubscribe':
      return new UnsubscribeRequest(frame.id, frame.channel)
    case 'call':
      return new CallRequest(frame)
    case 'presence':
      return new PresenceRequest(frame)
    case 'history':
      return new HistoryRequest(frame)
    case 'refresh':
      return new RefreshRequest(frame)
    default:
      return undefined
  }
}
