// From wire text to an object: the only `JSON.parse` of wire text in the project. Judges nothing in it.

/** The JSON object that `text` is, or `undefined`. Names such as `__proto__` are ordinary keys of it. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The JSON value, where it is an object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
