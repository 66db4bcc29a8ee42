// Waits for the signal to end, and makes sure that a second one ends at once.

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
/**
 * A signal this soon after the first is the same one again: a terminal sends it to the whole group, and whoever started us
 * passes it on.
 */
const SAME_SIGNAL_MS = 500
const SECOND_SIGNAL_EXIT_CODE = 130

/** Resolves with the first signal. A second one ends the process, whatever it is doing. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined
    const take = (signal: NodeJS.Signals): void => {
      const now = performance.now()
      if (first === undefined) {
        first = now
        resolve(signal)
      } else if (now - first > SAME_SIGNAL_MS) process.exit(SECOND_SIGNAL_EXIT_CODE)
    }
    for (const signal of SIGNALS) process.on(signal, take)
  })
}
