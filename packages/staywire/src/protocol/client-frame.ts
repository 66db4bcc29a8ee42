// The fields of the frames that clients send, for the codec of servers.

import {
  anything,
  channel,
  count,
  fields,
  id,
  key,
  list,
  meta,
  object,
  oneOf,
  position,
  text,
  truth,
  type Check,
  type Fields,
} from './check.ts'
import type { ClientFrame } from './frame.ts'
import { LIMITS } from './limits.ts'

const WORD = 64
const subscription = { channel, 'position?': position, 'presence?': oneOf('count', 'members') }
const fence: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((part) => count(part) === undefined)
    ? undefined
    : '[term, attempt], two integers of 0 or more'

/** What each client frame consists of. PROTOCOL.md, the table of frames. */
export const CLIENT_FIELDS: Readonly<Record<ClientFrame['type'], Fields>> = {
  connect: fields({
    id,
    'token?': text(16_384),
    'fence?': fence,
    'session?': object({ id: text(128), secret: text(128) }),
    'origin?': object({
      'browser?': text(WORD),
      'tab?': text(WORD),
      'page?': text(WORD),
      'instance?': text(WORD),
      'label?': text(128),
    }),
    'slot?': text(WORD),
    'sdk?': text(WORD),
    'features?': list(text(WORD), 32),
    'subscriptions?': list(object(subscription), LIMITS.subscriptionsPerConnection.value),
  }),
  subscribe: fields({ id, ...subscription }),
  unsubscribe: fields({ id, channel }),
  publish: fields({ 'id?': id, channel, data: anything, 'key?': key, 'meta?': meta }),
  call: fields({ id, method: text(128), 'data?': anything }),
  refresh: fields({ id, token: text(16_384) }),
  presence: fields({ id, channel }),
  history: fields({ id, channel, 'before?': count, 'after?': count, 'limit?': count }),
  ping: fields({}),
  pong: fields({}),
  disconnect: fields({ 'end?': truth }),
}
