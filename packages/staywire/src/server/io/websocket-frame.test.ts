import type { Writable } from 'node:stream'
import * as ws from 'ws'
import { expect, it } from 'vitest'
import { websocketEncoder } from './websocket-frame.ts'

/** `ws` exports its parser, but its types do not say so. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

it.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'builds a text message of %i bytes that a WebSocket receiver reads back',
  async (length) => {
    const text = 'é'.repeat(Math.floor(length / 2)) + 'x'.repeat(length % 2)
    const receiver = new Receiver({ isServer: false })
    const message = new Promise<string>((resolve) => {
      receiver.on('message', (data: Buffer) => resolve(data.toString()))
    })
    receiver.write(websocketEncoder.encode(text))
    expect(await message).toBe(text)
  },
)
