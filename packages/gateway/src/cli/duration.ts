// Durations as people write them: `30s`, `15m`, `1h`, `7d`.

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds; `undefined` for what is no duration above 0. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  const milliseconds = Number(amount) * (UNIT_MS[unit] ?? 0)
  return milliseconds > 0 ? milliseconds : undefined
}
