// A log file that never grows without end: full, it becomes `NAME.1` in place of the last one, and begins anew.

import { createWriteStream, fstatSync, mkdirSync, openSync, renameSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'

/** Writes lines to a file. Made with its folder if it is missing; throws what Node throws when it cannot be opened. */
export class LogFile {
  readonly #path: string
  readonly #maxBytes: number
  #stream: WriteStream
  #bytes: number

  constructor(path: string, maxBytes: number) {
    mkdirSync(dirname(path), { recursive: true })
    this.#path = path
    this.#maxBytes = maxBytes
    const fd = openSync(path, 'a')
    this.#bytes = fstatSync(fd).size
    this.#stream = streamTo(fd)
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line)
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#turn()
    this.#bytes += bytes
    this.#stream.write(line)
  }

  /** Writes what is waiting. Nothing can be written afterwards. */
  end(): Promise<void> {
    return new Promise((resolve) => void this.#stream.end(resolve))
  }

  /** What still waits goes into the file under its new name: it is open. */
  #turn(): void {
    this.#bytes = 0
    try {
      renameSync(this.#path, `${this.#path}.1`)
      const fd = openSync(this.#path, 'a')
      this.#stream.end()
      this.#stream = streamTo(fd)
    } catch {
      // It cannot be put aside: the old one goes on, and it is tried again when as much has come once more.
    }
  }
}

/** A disk that is full must not end the process: the log on stderr goes on. */
function streamTo(fd: number): WriteStream {
  return createWriteStream('', { fd }).on('error', () => undefined)
}
