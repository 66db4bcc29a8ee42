// Listeners by event name. Calls nobody by itself: emissions are outputs, made when the machines are at rest.

/** The listeners of one object. */
export class Emitter<Events> {
  readonly #listeners = new Set<readonly [event: keyof Events, listener: unknown]>()

  /** Listens to an event; the answer undoes exactly this call. */
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): () => void {
    const entry = [event, listener] as const
    this.#listeners.add(entry)
    return () => {
      this.#listeners.delete(entry)
    }
  }

  /** Calls the listeners of an event in the order in which they came. What one throws goes to `report` and stops no other. */
  emit(event: keyof Events, args: readonly unknown[], report: (error: unknown) => void): void {
    // A copy, for listeners may come meanwhile; those that go are not called any more.
    for (const entry of [...this.#listeners]) {
      if (entry[0] !== event || !this.#listeners.has(entry)) continue
      try {
        ;(entry[1] as (...args: readonly unknown[]) => void)(...args)
      } catch (error) {
        report(error)
      }
    }
  }
}
