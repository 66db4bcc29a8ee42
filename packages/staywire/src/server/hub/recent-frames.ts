// The encodings of recently recovered publications, so that many clients recovering at once share text and bytes.

import { encodePublication, type StoredPublication } from '../../protocol/codec.ts'
import { EncodedFrame } from './encoded-frame.ts'

/** A bounded memory of encodings, oldest out first. The unit of the bound is characters of text, which is near enough to bytes. */
export class RecentFrames {
  readonly #maxChars: number
  readonly #frames = new Map<StoredPublication, EncodedFrame>()
  #chars = 0

  constructor(maxChars = 8_388_608) {
    this.#maxChars = maxChars
  }

  /** Characters held. */
  get chars(): number {
    return this.#chars
  }

  /** The encoding of `publication`, made now or remembered. */
  get(channel: string, publication: StoredPublication): EncodedFrame {
    const known = this.#frames.get(publication)
    if (known !== undefined) return known
    const frame = new EncodedFrame(encodePublication(channel, publication))
    this.#frames.set(publication, frame)
    this.#chars += frame.text.length
    for (const [oldest, { text }] of this.#frames) {
      if (this.#chars <= this.#maxChars) break
      this.#frames.delete(oldest)
      this.#chars -= text.length
    }
    return frame
  }
}
