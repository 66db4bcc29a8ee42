// The shape React reads a changing value by (`useSyncExternalStore`). Says nothing of where the value comes from.

/** A value that changes outside React. `snapshot` answers the same object until the value changes. */
export interface Store<Value> {
  readonly subscribe: (changed: () => void) => () => void
  readonly snapshot: () => Value
}

/**
 * A store over something that is opened for as long as somebody looks. `open` runs in the commit phase, never during a
 * render; it pushes values and returns its undo. The last value stays readable after the undo.
 */
export function openedStore<Value>(idle: Value, open: (push: (value: Value) => void) => () => void): Store<Value> {
  let current = idle
  return {
    subscribe: (changed) =>
      open((value) => {
        current = value
        changed()
      }),
    snapshot: () => current,
  }
}
