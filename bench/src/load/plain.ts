/** The wire of the plain servers: the channel is the path, a body travels bare. */

import { ANSWER, DELIVERY, type Dialect } from './dialect.ts'

const A = 0x61
const E = 0x65

export const plain: Dialect = {
  path: ({ channels }) => `/${channels[0]}`,
  headers: [],
  opening: () => [],
  kindOf(bytes, start) {
    const first = bytes[start]
    return first === A || first === E ? ANSWER : DELIVERY
  },
  respond: () => undefined,
  // One byte of the body gives way to the command, so that what travels stays 64 bytes.
  echo: (_id, body) => `e${body.slice(1)}`,
  publish: (_id, channel, body, acknowledged) => `${acknowledged ? 'a' : 'p'}${channel} ${body}`,
}
