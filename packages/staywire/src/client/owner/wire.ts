// One channel on the wire of a connection, whoever wants it. Plain data and what frames make of it; asks for nothing.

import type { PresenceMode, PublicationFrame, SubscriptionRequest } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'

/** A merged subscription. */
export interface Wire {
  readonly channel: string
  presence?: PresenceMode | undefined
  /** Up to where everything has been handed on. */
  position?: Position | undefined
  /** What was last asked to recover from. */
  from?: Position | undefined
  /** The id of the last `subscribe` on this connection; 0 = not asked for, -1 = by `connect`, whose answers carry none. */
  id: number
}

/** How a wire is asked for. */
export function requestOf({ channel, position, presence }: Wire): SubscriptionRequest {
  return { channel, position, presence } as SubscriptionRequest
}

/** Notes that a publication was handed on. A hole is the consumer's to find; until it is filled the wire is restated from before it. */
export function advance(wire: Wire | undefined, { offset = 0, prev = offset - 1 }: PublicationFrame): void {
  const position = wire?.position
  if (position && offset > position.offset && prev <= position.offset) wire.position = { epoch: position.epoch, offset }
}
