// Runs the real `staywire` program as a user would, and keeps what it says. Nothing of the machine's own STAYWIRE_* variables
// reaches it.

import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** The program. */
export const BIN = fileURLToPath(new URL('../../../packages/gateway/bin/staywire.js', import.meta.url))

/** Environment variables for one run. */
export type Variables = Readonly<Record<string, string>>

/** How a run ended. */
export interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run. */
export interface Run {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly said: { stdout: string; stderr: string }
  readonly ended: Promise<Ending>
}

/** Starts the program. */
export function start(args: readonly string[], variables: Variables = {}): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('STAYWIRE_'))
  const env = { ...Object.fromEntries(inherited), ...variables }
  const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...said }))
  })
  return { child, said, ended }
}

/** Runs the program to its end. */
export function staywire(args: readonly string[], variables: Variables = {}): Promise<Ending> {
  return start(args, variables).ended
}

/** Prints a token as `staywire token` does. */
export async function token(user: string, secret: string, ...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await staywire(['token', '--user', user, '--jwt-secret', secret, ...more])
  if (code !== 0) throw new Error(`staywire token ended with ${code}: ${stderr}`)
  return stdout.trim()
}
