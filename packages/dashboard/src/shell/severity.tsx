// How bad something is, in a word and a colour.

const TONES: Readonly<Record<string, string>> = { ERROR: 'bad', WARN: 'busy', INFO: 'rest' }

export function Severity({ of }: { of: string }) {
  return <span className={`severity ${TONES[of] ?? 'rest'}`}>{of}</span>
}
