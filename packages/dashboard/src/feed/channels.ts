// Where it is told that connections have changed, and with them users, channels and histories.
export const CHANGES = { channel: '$admin:connections' } as const
