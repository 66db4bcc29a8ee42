// Locks (https://w3c.github.io/web-locks/) as signs of life: a page holds one while it lives, and loses it with its end, however
// that comes. Asks only for single names: the list of all locks is not trustworthy everywhere.

/** The locks of this origin; `undefined` where there are none, as on pages without TLS. */
function locks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator>).locks
}

/** Holds a lock until the answer is called. Without locks nothing is held. */
export function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const manager = locks()
    if (!manager) return resolve(() => {})
    manager.request(name, () => new Promise<void>((release) => resolve(release))).catch(reject)
  })
}

/** Calls `act` while holding the lock if nobody else holds it. Without locks that cannot be told, and it is not called. */
export async function ifFree(name: string, act: () => Promise<void>): Promise<void> {
  await locks()?.request(name, { ifAvailable: true }, (lock) => (lock ? act() : undefined))
}
