/** Listening on loopback, on a port the OS chooses. */

import type { Server } from 'node:net'

/** Listens and answers with the port; the backlog takes a connect storm. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('listening gave no port'))
      else resolve(address.port)
    })
  })
}
