// What operations need of a server beside its events: figures, lists, and a few things an operator may do. What `createServer`
// returns is one.

import type { ConnectionInfo } from '../server/observer/connection-info.ts'
import type { ServerStats } from '../server/observer/server-stats.ts'

/** How a connection is to be closed. */
interface Closing {
  code?: number
  reason?: string
}

/** A server as its operator sees it. */
export interface ServerView {
  readonly node: string
  stats(): ServerStats
  /** `publications`: how many each has had so far, where the server counts them. */
  channels(): { channel: string; subscribers: number; publications?: number }[]
  readonly connections: {
    list(filter?: { user?: string; channel?: string; browser?: string }): Promise<ConnectionInfo[]>
    get(id: string): Promise<ConnectionInfo | undefined>
    close(id: string, closing?: Closing): Promise<boolean>
    closeAll(options?: { perSecond?: number }): Promise<number>
  }
  user(id: string): {
    close(closing?: Closing): Promise<number>
    ban(options?: { forMs?: number }): Promise<number>
    unban(): boolean
  }
  bans(): { user: string; until?: number }[]
}
