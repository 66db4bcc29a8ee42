// What the two HTTP transports of the doctor have in common: frames go up in numbered bodies, one at a time. PROTOCOL.md, POST.
import { decodeServerFrame, type ClientFrame, type ServerFrame } from 'staywire/protocol'
import type { Patient } from './diagnosis.ts'
import { Line } from './line.ts'

export abstract class HttpLine extends Line {
  protected readonly patient: Patient
  readonly #abort = new AbortController()
  #credentials: { readonly connection: string; readonly session: string; readonly secret: string } | undefined
  #seq = 0
  #posting: Promise<unknown> = Promise.resolve()

  constructor(patient: Patient) {
    super()
    this.patient = patient
  }

  send(frame: ClientFrame): void {
    if (frame.type === 'connect') return void this.begin(frame).catch(() => this.over())
    const seq = ++this.#seq
    this.#posting = this.#posting
      .then(() => this.post('/frames', { ...this.#credentials, seq, frames: [frame] }))
      .then((response) => response.text())
      .catch(() => this.over())
  }

  close(): void {
    this.over(1000)
    this.#abort.abort()
  }

  /** Asks for a connection, and reads what comes. */
  protected abstract begin(frame: ClientFrame): Promise<void>

  protected get credentials(): object | undefined {
    return this.#credentials
  }

  protected async post(below: string, body: object): Promise<Response> {
    const { url, origin } = this.patient
    const address = new URL(url)
    address.pathname = `${url.pathname.replace(/\/$/, '')}${below}`
    return fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify(body),
      signal: this.#abort.signal,
    })
  }

  /** An answer that is no stream and no batch: a refusal, as the server or something before it words it. */
  protected async refused(response: Response): Promise<void> {
    const frame = decodeServerFrame(await response.text())
    if (frame?.type === 'disconnect') this.frame(frame)
    this.over(1006, `answered ${response.status}`)
  }

  protected frame(frame: ServerFrame): void {
    if (frame.type === 'connected' && frame.session) {
      const { id: session, secret } = frame.session
      this.#credentials = { connection: frame.connection, session, secret }
    }
    this.heard(frame)
  }
}
