// One connection of the doctor, over any transport: frames out, frames in, and how it ended. It answers pings, restates nothing
// and never reconnects: whatever happens to it is what the doctor wants to see.
import type { ClientFrame, ConnectedFrame, ServerFrame } from 'staywire/protocol'

/** How a line ended. `code` is 1006 when nothing was said. */
export interface Ending {
  readonly code: number
  readonly reason: string
  /** How long it had been open, and how long nothing had come, in milliseconds. */
  readonly ageMs: number
  readonly silentMs: number
}

/** Why a line never came to be: the HTTP status it was answered with, or the error of the machine. */
export class Unreachable extends Error {
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

/** A live connection. */
export abstract class Line {
  /** Resolves when it is over. */
  readonly ended: Promise<Ending>
  #end!: (ending: Ending) => void
  readonly #waiting = new Set<(frame: ServerFrame) => void>()
  readonly #begun = performance.now()
  #heardAt = performance.now()
  #told: { code: number; reason: string } | undefined

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  abstract send(frame: ClientFrame | (ClientFrame & { readonly padding: string })): void
  abstract close(): void

  /** The next frame of a type. @throws Unreachable when it does not come in time or the line ends first. */
  next<Type extends ServerFrame['type']>(
    type: Type,
    timeoutMs: number,
  ): Promise<Extract<ServerFrame, { readonly type: Type }>> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(take)
        act()
      }
      const take = (frame: ServerFrame): void => {
        if (frame.type === type) settle(() => resolve(frame as Extract<ServerFrame, { readonly type: Type }>))
      }
      const fail = (why: string): void => settle(() => reject(new Unreachable(why)))
      const timer = setTimeout(() => fail(`no "${type}" within ${timeoutMs} ms`), timeoutMs)
      void this.ended.then(({ code, reason }) => fail(`closed ${code} ${reason}`.trim()))
      this.#waiting.add(take)
    })
  }

  /** Says who it is. */
  async connect(token: string | undefined, timeoutMs: number): Promise<ConnectedFrame> {
    const connected = this.next('connected', timeoutMs)
    this.send({ type: 'connect', id: 1, origin: { label: 'staywire doctor' }, ...(token !== undefined && { token }) })
    return connected
  }

  /** One round trip, in milliseconds. */
  async roundTrip(timeoutMs: number, padding = ''): Promise<number> {
    const begun = performance.now()
    const pong = this.next('pong', timeoutMs)
    this.send({ type: 'ping', padding })
    await pong
    return performance.now() - begun
  }

  protected heard(frame: ServerFrame): void {
    this.#heardAt = performance.now()
    if (frame.type === 'ping') this.send({ type: 'pong' })
    if (frame.type === 'disconnect') this.#told = frame
    for (const take of this.#waiting) take(frame)
  }

  protected over(code = 1006, reason = ''): void {
    const now = performance.now()
    this.#end({ code, reason, ...this.#told, ageMs: now - this.#begun, silentMs: now - this.#heardAt })
  }
}
