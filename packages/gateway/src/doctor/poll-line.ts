// A polling connection of the doctor.
import { decodeServerFrame, type ClientFrame } from 'staywire/protocol'
import { HttpLine } from './http-line.ts'

export class PollLine extends HttpLine {
  protected override async begin(frame: ClientFrame): Promise<void> {
    let response = await this.post('/poll', frame)
    while (response.ok) {
      const { seq, frames } = (await response.json()) as { seq: number; frames: readonly object[] }
      for (const one of frames) {
        const arrived = decodeServerFrame(JSON.stringify(one))
        if (arrived) this.frame(arrived)
      }
      response = await this.post('/poll', { ...this.credentials, ack: seq })
    }
    return this.refused(response)
  }
}
