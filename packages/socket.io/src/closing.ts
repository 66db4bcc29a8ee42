// Why a socket of Socket.IO ended, as a close code, and how one is ended for a code. Its clients come back by themselves when the
// connection below is closed, and stay away when the server disconnects them.

import { CLOSE, closeCode, type Ending } from 'staywire/adopt'

/** How somebody ended. */
interface Ended extends Ending {
  readonly by: 'server' | 'client' | 'network'
}

const NETWORK: Ended = { code: 1006, reason: '', by: 'network' }

/** By the reasons of Socket.IO's `disconnect`. */
const REASONS: Readonly<Record<string, Ended>> = {
  'client namespace disconnect': { code: 1000, reason: 'client disconnect', by: 'client' },
  'server namespace disconnect': { ...rowOf(CLOSE.kicked), by: 'server' },
  'forced server close': { ...rowOf(CLOSE.kicked), by: 'server' },
  'forced close': { ...rowOf(CLOSE.kicked), by: 'server' },
  'server shutting down': { ...rowOf(CLOSE.shuttingDown), by: 'server' },
  'ping timeout': { ...rowOf(CLOSE.noPong), by: 'server' },
  'parse error': { ...rowOf(CLOSE.protocolError), by: 'server' },
}

/** What a reason means; `code` is that of the WebSocket, where it had one. */
export function endedBy(reason: string, code: number | undefined): Ended {
  const known = REASONS[reason]
  if (known !== undefined) return known
  return code === undefined || code === NETWORK.code ? NETWORK : { code, reason, by: 'client' }
}

/** Whether a client that is closed with this code is to come back. */
export function comesBack(code: number): boolean {
  return closeCode(code) !== undefined && code >= 4100 && code < 4500
}

function rowOf({ code, reason }: Ending): Ending {
  return { code, reason }
}
