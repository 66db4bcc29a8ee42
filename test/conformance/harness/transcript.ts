// Reads the transcripts of PROTOCOL.md and compares what came with what they say. It knows nothing of sockets.

export type Step =
  | { readonly who: string; readonly does: 'open'; readonly protocol: string }
  | { readonly who: string; readonly does: 'open-bare'; readonly token: string; readonly query: string }
  | { readonly who: string; readonly does: 'drop' }
  | { readonly who: string; readonly does: 'send'; readonly text: string }
  | { readonly who: string; readonly does: 'expect'; readonly frame: unknown }
  | { readonly who: string; readonly does: 'expect-close'; readonly code: number }
  | { readonly does: 'publish'; readonly channel: string; readonly data: unknown }

export interface Transcript {
  readonly title: string
  readonly steps: readonly { readonly line: string; readonly step: Step }[]
}

/** Every fenced `transcript` block, titled by the heading above it. */
export function readTranscripts(markdown: string): Transcript[] {
  const blocks = markdown.matchAll(/^### (.+)\n+```transcript\n([^]*?)^```$/gm)
  return Array.from(blocks, ([, title = '', body = '']) => ({
    title,
    steps: body
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ line, step: readStep(line) })),
  }))
}

/** What `"<name>"` stood for so far. */
export type Bindings = Map<string, unknown>

/** Why `actual` is not what the transcript says, or nothing; binds names met for the first time. */
export function mismatch(expected: unknown, actual: unknown, bindings: Bindings, path = 'frame'): string | undefined {
  const name = placeholder(expected)
  if (name !== undefined) {
    if (actual === undefined) return `${path} is absent`
    if (!bindings.has(name)) bindings.set(name, actual)
    const bound = bindings.get(name)
    return JSON.stringify(bound) === JSON.stringify(actual)
      ? undefined
      : `${path} is ${JSON.stringify(actual)}, but <${name}> was ${JSON.stringify(bound)}`
  }
  if (!isObject(expected) || !isObject(actual)) {
    return Object.is(expected, actual)
      ? undefined
      : `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const why = mismatch(expected[key], actual[key], bindings, `${path}.${key}`)
    if (why !== undefined) return why
  }
  return undefined
}

/** The text of a client's frame with every `"<name>"` replaced by what it stands for. */
export function fill(text: string, bindings: Bindings): string {
  return text.replace(/"<([\w-]+)>"/g, (_, name: string) => {
    if (!bindings.has(name)) throw new Error(`<${name}> is used before the server said it.`)
    return JSON.stringify(bindings.get(name))
  })
}

function readStep(line: string): Step {
  const [, side, number = '', rest = ''] = /^([CSH])(\d*): (.*)$/.exec(line) ?? []
  const who = `C${number}`
  if (side === 'H') {
    const [, channel = '', data = ''] = /^publish (\S+) (.*)$/.exec(rest) ?? fail(line)
    return { does: 'publish', channel, data: JSON.parse(data) }
  }
  if (side === 'S') {
    const close = /^close (\d{4})$/.exec(rest)
    return close
      ? { who, does: 'expect-close', code: Number(close[1]) }
      : { who, does: 'expect', frame: JSON.parse(rest) }
  }
  if (side !== 'C') fail(line)
  if (rest === 'drop') return { who, does: 'drop' }
  const bare = /^open bare (\S+) (\S+)$/.exec(rest)
  if (bare) return { who, does: 'open-bare', token: bare[1] ?? '', query: bare[2] ?? '' }
  const open = /^open (\S+)$/.exec(rest)
  return open ? { who, does: 'open', protocol: open[1] ?? '' } : { who, does: 'send', text: rest }
}

function placeholder(value: unknown): string | undefined {
  return typeof value === 'string' ? /^<([\w-]+)>$/.exec(value)?.[1] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function fail(line: string): never {
  throw new Error(`A transcript has a line that cannot be read: ${line}`)
}
