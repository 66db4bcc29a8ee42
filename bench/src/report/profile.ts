/** What a CPU profile says in a few lines: where the server itself was, function by function. Pure. */

/** The part of V8's profile format that is read (Chrome DevTools Protocol, Profiler.Profile). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[]
  /** µs since the sample before. */
  readonly timeDeltas?: readonly number[]
}

/** Not the server's doing: the process waited. */
const WAITING = new Set(['(idle)', '(program)', '(root)'])

/** The `count` functions with most time of their own, as `share function file:line`; shares are of the time not spent waiting. */
export function topFunctions(profile: CpuProfile, count: number): readonly string[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const own = new Map<string, number>()
  let total = 0
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const name = names.get(id) ?? '?'
    if (WAITING.has(name)) continue
    const spent = profile.timeDeltas?.[index] ?? 0
    own.set(name, (own.get(name) ?? 0) + spent)
    total += spent
  }
  return [...own]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, spent]) => `${((spent / total) * 100).toFixed(1).padStart(5)} %  ${name}`)
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (functionName.startsWith('(')) return functionName
  const place = url.replace(/^.*\/(?=(?:packages|bench|node_modules)\/)/, '')
  return `${functionName === '' ? '(anonymous)' : functionName}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`
}
