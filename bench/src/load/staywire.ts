/** The wire of Staywire (PROTOCOL.md), spoken as a browser client does: subprotocol, `connect` with a token, then frames. */

import { mintToken } from '../wire/token.ts'
import { ANSWER, DELIVERY, OTHER, type Dialect } from './dialect.ts'

/** Every server frame the bench counts begins `{"type":"` and is told apart by what follows. */
const AT = '{"type":"'.length
const [P, R, U, B, C, S] = Buffer.from('prubcs')

export const staywire: Dialect = {
  path: () => '/realtime',
  headers: ['Sec-WebSocket-Protocol: staywire.v1'],
  opening({ index, channels, secret }) {
    const subscriptions = channels.map((channel) => ({ channel }))
    return [JSON.stringify({ type: 'connect', id: 1, token: mintToken(`user-${index}`, secret), subscriptions })]
  },
  joining(text, { channels }) {
    const frame = JSON.parse(text) as { type: string; channel?: string }
    if (frame.type === 'connected') return 'wait'
    if (frame.type === 'subscribed') return frame.channel === channels.at(-1) ? 'ready' : 'wait'
    throw new Error(`unexpected frame ${text.slice(0, 200)}`)
  },
  kindOf(bytes, start) {
    const type = start + AT
    const first = bytes[type]
    if (first === R) return ANSWER // result
    // publication and published differ in their sixth letter; ping, pong and the rest count for nothing
    if (first !== P || bytes[type + 1] !== U || bytes[type + 2] !== B) return OTHER
    const sixth = bytes[type + 5]
    return sixth === C ? DELIVERY : sixth === S ? ANSWER : OTHER
  },
  respond: (text) => (text.startsWith('{"type":"ping"') ? '{"type":"pong"}' : undefined),
  echo: (id, body) => `{"type":"call","id":${id},"method":"echo","data":"${body}"}`,
  publish: (id, channel, body, acknowledged) =>
    `{"type":"publish",${acknowledged ? `"id":${id},` : ''}"channel":"${channel}","data":"${body}"}`,
}
