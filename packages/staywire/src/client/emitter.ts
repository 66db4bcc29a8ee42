// Listeners by event name. Calls nobody by itself: emissions are outputs, made when the machines are at rest.

/** The listeners of one object. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<{ readonly listener: unknown }>>()

  /** Listens to an event; the answer undoes exactly this call. */
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): () => void {
    let listeners = this.#listeners.get(event)
    if (listeners === undefined) this.#listeners.set(event, (listeners = new Set()))
    const entry = { listener }
    listeners.add(entry)
    return () => {
      listeners.delete(entry)
    }
  }

  /** Calls the listeners of an event in the order in which they came. What one throws goes to `report` and stops no other. */
  emit(event: keyof Events, args: readonly unknown[], report: (error: unknown) => void): void {
    const listeners = this.#listeners.get(event)
    for (const entry of listeners === undefined ? [] : [...listeners]) {
      if (listeners?.has(entry) !== true) continue
      try {
        ;(entry.listener as (...args: readonly unknown[]) => void)(...args)
      } catch (error) {
        report(error)
      }
    }
  }
}

/** An event for the app, as an output of a machine. */
export interface Emission {
  readonly type: 'emit'
  readonly to: { emit(event: string, args: readonly unknown[], report: (error: unknown) => void): void }
  readonly event: string
  readonly args: readonly unknown[]
}
