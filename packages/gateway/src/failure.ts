// What ends a command with one line on stderr instead of a stack trace. It prints nothing itself.

/** Something the person at the command line has to know and can mend. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** 2 for a mistake in flags, variables or files; 1 for a machine that does not play along. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim())
    this.exitCode = exitCode
  }
}
