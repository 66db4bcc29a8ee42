// The transports that there are here, and the one that has worked on this network: kept for a day, for the next page.

import type { ClientOptions, Transport } from '../api.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import { readStorage, writeStorage } from './storage.ts'

const ALL: readonly Transport[] = ['websocket', 'sse', 'poll']
const KEY = 'staywire:transport '
const DAY_MS = 86_400_000

/** What a client with these options may dial, best first. Throws `bad-option` for nothing, and for what is none. */
export function usableTransports({ transports = ALL, WebSocket }: ClientOptions): readonly Transport[] {
  if (!transports.length || transports.some((transport) => !ALL.includes(transport)))
    throw new StaywireError('bad-option', `"transports" are some of ${ALL.join(', ')}.`)
  const usable = WebSocket || globalThis.WebSocket ? transports : transports.filter((one) => one !== ALL[0])
  return usable.length ? usable : transports
}

/** Keeps that a transport has stayed up to this URL. */
export function rememberTransport(url: string, transport: Transport): void {
  writeStorage('localStorage', KEY + url, `${Date.now()} ${transport}`)
}

/** Which of these has stayed up to this URL within the last day. */
export function recallTransport(url: string, transports: readonly Transport[]): Transport | undefined {
  const [at, recalled] = (readStorage('localStorage', KEY + url) ?? '').split(' ')
  return transports.find((one) => one === recalled && Math.abs(Date.now() - Number(at)) < DAY_MS)
}
