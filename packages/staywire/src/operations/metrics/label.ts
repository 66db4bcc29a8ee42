// Labels of metrics come from closed sets, so that no client can make a time series of its own.

/** The labels of a metric and the values each may have. A value outside its set counts as the last of the set. */
export type LabelSets = Readonly<Record<string, readonly string[]>>

/** One value for each label. */
export type Labels<Sets extends LabelSets> = { readonly [Label in keyof Sets]: string }

/** The value under which an unexpected one is counted: the last of a set that has one. */
export const OTHER = 'other' as const

/** `{a="x",b="y"}` in the order of the sets; empty without labels. Backslash, quote and line feed are escaped (Prometheus text format 0.0.4). */
export function labelText(sets: LabelSets, labels: Readonly<Record<string, string>>): string {
  let text = ''
  for (const label in sets) {
    const allowed = sets[label] ?? []
    const value = labels[label] ?? OTHER
    text += `${text === '' ? '{' : ','}${label}="${escaped(allowed.includes(value) ? value : (allowed.at(-1) ?? OTHER))}"`
  }
  return text === '' ? '' : `${text}}`
}

/** Every combination of values, so that each series is there at 0 from the start. */
export function combinations(sets: LabelSets): Record<string, string>[] {
  return Object.entries(sets).reduce<Record<string, string>[]>(
    (rows, [label, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [label]: value }))),
    [{}],
  )
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
