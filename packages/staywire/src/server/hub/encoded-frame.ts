// A frame on its way to many: its text is made once, its bytes once per kind of transport, by whoever asks first.

/** Turns the text of a frame into the bytes of one kind of transport: a WebSocket message, an SSE event, … */
export interface FrameEncoder {
  encode(text: string): Uint8Array
  /** Bytes to be written over from the first to the last, where there are any that cost less than new ones. */
  room?(bytes: number): Uint8Array
}

/** One frame, shared by every outbox it waits in. Never changed after it is made. */
export class EncodedFrame {
  readonly text: string
  /** Whether it may be left out under pressure (ephemeral channels). */
  readonly droppable: boolean
  /** How many frames it is: more than one for an array of them. */
  readonly count: number
  #encoder: FrameEncoder | undefined
  #bytes: Uint8Array | undefined
  #others: Map<FrameEncoder, Uint8Array> | undefined

  constructor(text: string, droppable = false, count = 1) {
    this.text = text
    this.droppable = droppable
    this.count = count
  }

  /** The bytes for `encoder`'s transport. Most frames meet one kind only: that one is kept without a map. */
  bytes(encoder: FrameEncoder): Uint8Array {
    if (this.#encoder === encoder) return this.#bytes as Uint8Array
    if (this.#encoder === undefined) {
      this.#encoder = encoder
      return (this.#bytes = encoder.encode(this.text))
    }
    this.#others ??= new Map()
    let bytes = this.#others.get(encoder)
    if (bytes === undefined) this.#others.set(encoder, (bytes = encoder.encode(this.text)))
    return bytes
  }
}
