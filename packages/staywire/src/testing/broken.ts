// Plants a bug from outside, to see that a search finds it.

/** Replaces a method while something is tried. */
export async function broken<Self extends object, Name extends keyof Self>(
  self: Self,
  name: Name,
  method: Self[Name],
  attempt: () => Promise<void>,
): Promise<void> {
  const original = self[name]
  self[name] = method
  try {
    await attempt()
  } finally {
    self[name] = original
  }
}
