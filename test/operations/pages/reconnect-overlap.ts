// A client that dials again without ending what it has, because a timer says so. Mended: it ends it first.

import { open } from './connection.ts'
import { MENDED } from './mended.ts'
import { who } from './who.ts'

const INSTANCE = crypto.randomUUID()
let connection: WebSocket | undefined

/** Dials. */
export function act(): void {
  if (MENDED) connection?.close()
  connection = open(who, 'feed', INSTANCE)
}

export { act as start }
