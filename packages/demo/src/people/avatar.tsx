// A person's first letter on a colour of their own.

/** A hue from 0 to 359, the same for the same name everywhere. */
function hueOf(name: string): number {
  let hash = 0
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600
  return hash % 360
}

export function Avatar({ name }: { name: string }) {
  const [first = '?'] = name
  return (
    <span className="avatar" aria-hidden="true" style={{ '--hue': hueOf(name) }}>
      {first.toUpperCase()}
    </span>
  )
}
