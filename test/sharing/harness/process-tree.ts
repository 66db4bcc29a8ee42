// A process with all that it has started: a browser is many. Stopping them all is what sleep is to those who watch them.

import { readdirSync, readFileSync } from 'node:fs'

/** Sends `signal` to `pid` and to everything below it. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)] as const),
  )
  const below = (of: number): number[] => [
    of,
    ...[...parents].filter(([, parent]) => parent === of).flatMap(([child]) => below(child)),
  ]
  for (const each of below(pid)) process.kill(each, signal)
}

/** proc_pid_stat(5): the name stands in brackets and may hold anything; the fourth field is the parent. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined // It has ended meanwhile.
  }
}
