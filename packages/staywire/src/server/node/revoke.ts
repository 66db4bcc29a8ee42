// What a node does about a revocation: it ends what lives of it, and remembers the rest. Asking other nodes is not its business.

import { CLOSE } from '../../protocol/close-code.ts'
import type { Connection } from '../connection/connection.ts'
import type { Revocation } from '../session/revocations.ts'
import type { Node } from './node.ts'

/** Revokes; answers how many connections were closed. PROTOCOL.md, AUTH-10 and AUTH-11. */
export function revoke(node: Node, revocation: Revocation): number {
  const forgotten = node.revocations.add(revocation)
  if (forgotten !== undefined) {
    const until = new Date(forgotten.until).toISOString()
    node.failed(
      new RangeError(`A revocation of a ${forgotten.kind} is forgotten before ${until}: there are too many.`),
      'revoke',
    )
  }
  const { kind, id } = revocation
  if (kind !== 'token') node.sessions.endWhere((session) => (kind === 'user' ? session.user : session.id) === id)
  const closing = [...node.registry.all()].filter((connection) => fallsUnder(connection, revocation))
  for (const connection of closing) node.close(connection, CLOSE.tokenRevoked)
  return closing.length
}

/** Also one that is still being admitted: who it is has been asked already. */
function fallsUnder({ identity, session }: Connection, { kind, id }: Revocation): boolean {
  if (kind === 'user') return identity?.user === id
  return (kind === 'token' ? identity?.tokenId : session?.id) === id
}
