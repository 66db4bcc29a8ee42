// Names for new epochs and lives.

import { randomBytes } from 'node:crypto'

/** 128 random bits as 22 URL-safe characters. */
export function newEpoch(): string {
  return randomBytes(16).toString('base64url')
}
