import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { boundFirstMessage } from './first-message.ts'

function bounded(maxBytes: number) {
  const socket = new PassThrough()
  let exceeded = 0
  const stop = boundFirstMessage(socket, maxBytes, () => exceeded++)
  const arrive = (bytes: number): void => void socket.emit('data', Buffer.alloc(bytes))
  return { socket, stop, arrive, times: () => exceeded }
}

it('tells once, when more has come than may', () => {
  const { socket, arrive, times } = bounded(10)
  arrive(4)
  arrive(6)
  expect(times()).toBe(0)
  arrive(1)
  arrive(100)
  expect(times()).toBe(1)
  expect(socket.listenerCount('data')).toBe(0)
})

it('tells nothing once it was stopped, even in the middle of what comes', () => {
  const { socket, stop, times } = bounded(10)
  socket.prependListener('data', stop)
  socket.emit('data', Buffer.alloc(100))
  expect(times()).toBe(0)
  expect(socket.listenerCount('data')).toBe(1)
})
