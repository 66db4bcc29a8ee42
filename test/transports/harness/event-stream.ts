// Reads an event stream as WHATWG HTML §9.2.6 says, field by field, knowing nothing of what is in it.

/** One event as it was dispatched. */
export interface StreamEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

export class EventStreamReader {
  /** The reconnection time that the stream asked for last. */
  retry: number | undefined
  /** Comments that came. */
  comments = 0
  readonly #dispatch: (event: StreamEvent) => void
  readonly #decoder = new TextDecoder()
  #rest = ''
  #data: string[] = []
  #type = ''
  #lastEventId = ''

  constructor(dispatch: (event: StreamEvent) => void) {
    this.#dispatch = dispatch
  }

  push(bytes: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true })
    // A CR at the very end may be half of a line end.
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    if (line === '') return this.#end()
    if (line.startsWith(':')) return void this.comments++
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) this.#lastEventId = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value)
  }

  #end(): void {
    const data = this.#data.splice(0)
    const type = this.#type === '' ? 'message' : this.#type
    this.#type = ''
    if (data.length > 0) this.#dispatch({ type, data: data.join('\n'), lastEventId: this.#lastEventId })
  }
}
