// What a publication counts against every limit in bytes: one measure for trimming, caching and recovery.

import { utf8Length } from '../../protocol/byte-length.ts'
import type { StoredPublication } from '../../protocol/codec.ts'

/** Counted for each publication besides its data: offset, time, key, sender, and what holds them. */
const OVERHEAD_BYTES = 128

/** Bytes of a publication: its data and meta in UTF-8, and 128 for everything else. */
export function publicationBytes({ data, meta }: StoredPublication): number {
  return OVERHEAD_BYTES + utf8Length(data) + (meta === undefined ? 0 : utf8Length(meta))
}
