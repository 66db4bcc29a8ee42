// The command line: which commands there are, and how what is wrong with one becomes one line and an exit code.

import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { Failure } from '../failure.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addServeCommand } from './serve-command.ts'
import { addTokenCommand } from './token-command.ts'

/** Runs a command line (without node and script). Answers the exit code once the command has ended. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    let exitCode = 0
    await program((code) => (exitCode = code)).parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof CommanderError) return complain(mistake(error), 2)
    if (error instanceof Failure) return complain(error.message, error.exitCode)
    throw error
  }
}

/** `done` is told the exit code of a command that has one to tell. */
function program(done: (exitCode: number) => void): Command {
  const command = new Command('staywire')
    .description('The standalone Staywire server: one live connection per browser.')
    .version(version(), '--version', 'Prints the version.')
    .helpOption('--help', 'Prints this.')
    .helpCommand(false)
    .exitOverride()
    // What goes wrong arrives as an exception and is printed by `run`, in one line.
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
  addServeCommand(command)
  addTokenCommand(command)
  addDoctorCommand(command, done)
  return command
}

function mistake({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'a command is missing: serve, token or doctor; `staywire --help` says more'
  return message.replace(/^error: /, '')
}

function complain(problem: string, exitCode: number): number {
  process.stderr.write(`staywire: ${problem.replaceAll(/\s*\n\s*/g, ' ').trim()}\n`)
  return exitCode
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return text
}
