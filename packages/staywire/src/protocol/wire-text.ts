// From wire text to an object: the only `JSON.parse` of wire text in the project. Judges nothing in it.

/** The JSON value that `text` is, or `undefined`. Names such as `__proto__` are ordinary keys in it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The JSON object that `text` is, or `undefined`. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  return objectOf(parseJson(text))
}

/** The JSON value, where it is an object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
