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

/** Calls `act` while holding the lock if nobody else holds it. Answers whether there are locks to tell by. */
export async function ifFree(name: string, act: () => Promise<void>): Promise<boolean> {
  const manager = locks()
  await manager?.request(name, { ifAvailable: true }, (lock) => (lock ? act() : undefined))
  return manager !== undefined
}
