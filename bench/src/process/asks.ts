/** Questions and answers between the conductor and its child processes, over Node's IPC channel. One answer per ask, errors as text. */

/** What the conductor sends. */
export interface Ask {
  readonly ask: number
  readonly what: string
  readonly given: unknown
}

/** What a child sends back. */
export type Answer =
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: string }

/** Answers asks by name until the conductor goes away, and ends the process then: no child outlives its conductor. */
export function answerAsks(answers: Record<string, (given: never) => unknown>): void {
  process.on('message', (message: Ask) => {
    void answerOne(answers, message)
  })
  process.on('disconnect', () => process.exit(0))
}

async function answerOne(answers: Record<string, (given: never) => unknown>, { ask, what, given }: Ask): Promise<void> {
  try {
    const answer = answers[what]
    if (answer === undefined) throw new Error(`nobody answers "${what}" here`)
    send({ answer: ask, value: await answer(given as never) })
  } catch (error) {
    send({ answer: ask, error: error instanceof Error ? error.message : String(error) })
  }
}

function send(answer: Answer): void {
  process.send?.(answer)
}
