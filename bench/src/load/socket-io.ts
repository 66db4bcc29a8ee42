/** Engine.IO 4 and Socket.IO 5 packets as text: `0` open, `2`/`3` ping/pong, `40` connect, `42` event, `43` acknowledgement. */

import { ANSWER, DELIVERY, OTHER, type Dialect } from './dialect.ts'

const FOUR = 0x34
const TWO = 0x32
const THREE = 0x33

export const socketIo: Dialect = {
  path: () => '/socket.io/?EIO=4&transport=websocket',
  headers: [],
  opening: () => [],
  joining(text, { channels }) {
    if (text.startsWith('0{')) return { send: '40' }
    if (text.startsWith('40')) return { send: `420${JSON.stringify(['subscribe', channels[0]])}` }
    if (text.startsWith('430')) return 'ready'
    throw new Error(`unexpected Socket.IO packet ${text.slice(0, 80)}`)
  },
  kindOf(bytes, start) {
    if (bytes[start] !== FOUR) return OTHER
    const type = bytes[start + 1]
    return type === TWO ? DELIVERY : type === THREE ? ANSWER : OTHER
  },
  respond: (text) => (text === '2' ? '3' : undefined),
  echo: (id, body) => `42${id}${JSON.stringify(['echo', body])}`,
  publish: (id, channel, body, acknowledged) =>
    `42${acknowledged ? id : ''}${JSON.stringify(['publish', channel, body])}`,
}
