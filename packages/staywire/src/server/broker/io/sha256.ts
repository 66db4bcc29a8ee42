// The digest by which payloads are remembered.

import { hash } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of a text, in base64: for `memoryBroker({ digest: sha256 })`. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64')
}
