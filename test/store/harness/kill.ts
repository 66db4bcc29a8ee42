// Runs the writer process for a while and kills it as a power cut would: without a word.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A publication that the writer was told is stored. */
export interface Acknowledged {
  readonly channel: string
  readonly number: number
  readonly epoch: string
  readonly offset: number
}

/** How the writer is run. */
export interface WriterRun {
  readonly directory: string
  readonly inFlight: number
  readonly channels: number
  readonly first?: number
  /** Killed after so many acknowledgements … */
  readonly acknowledgements: number
  /** … and so many milliseconds more. */
  readonly thenMs?: number
  /** A program that runs it, e.g. strace. */
  readonly under?: readonly string[]
}

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url))

/** Runs the writer until it is killed; answers everything it was told. Rejects when it ends by itself. */
export function runAndKill(run: WriterRun): Promise<Acknowledged[]> {
  const { directory, inFlight, channels, first = 1, under = [] } = run
  const [command, ...args] = [...under, process.execPath, WRITER, directory, `${inFlight}`, `${channels}`, `${first}`]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let [text, errors] = ['', '']
  let killed = false
  const kill = () => {
    killed = true
    setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), run.thenMs ?? 0) // with what it runs under
  }
  child.stderr.on('data', (data: Buffer) => (errors += String(data)))
  child.stdout.on('data', (data: Buffer) => {
    text += String(data)
    if (!killed && text.split('\n').length > run.acknowledgements + 1) kill()
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer ended by itself (${code}): ${errors}`))
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1)
      resolve(lines.map((line) => JSON.parse(line) as Acknowledged))
    })
  })
}
