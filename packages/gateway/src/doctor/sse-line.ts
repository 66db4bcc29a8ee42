// An event stream of the doctor. It keeps the headers it was answered with: they say who compresses and who holds back.
import { decodeServerFrame, type ClientFrame } from 'staywire/protocol'
import { HttpLine } from './http-line.ts'

export class SseLine extends HttpLine {
  headers = new Headers()

  protected override async begin(frame: ClientFrame): Promise<void> {
    const response = await this.post('/sse', frame)
    this.headers = response.headers
    if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
      return this.refused(response)
    }
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const arrived = line.startsWith('data: ') ? decodeServerFrame(line.slice('data: '.length)) : undefined
        if (arrived) this.frame(arrived)
      }
    }
    this.over()
  }
}
