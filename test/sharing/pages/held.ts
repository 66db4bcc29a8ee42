// Counts what a page holds on to: listeners, timers, locks and broadcast channels, from the moment this is loaded.

/** Names of what is held: each once for every time it is. */
const now: string[] = []
const hold = (name: string): void => void now.push(name)
const letGo = (name: string): void => {
  const at = now.indexOf(name)
  if (at !== -1) now.splice(at, 1)
}

/** What is held now, in the order of the alphabet. */
export const held = (): readonly string[] => now.toSorted()

const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
const watched = new WeakMap<EventTarget, Map<string, Set<unknown>>>()
const listenersOf = (target: EventTarget, type: string): Set<unknown> => {
  const types = watched.get(target) ?? new Map<string, Set<unknown>>()
  watched.set(target, types)
  const listeners = types.get(type) ?? new Set()
  types.set(type, listeners)
  return listeners
}
EventTarget.prototype.addEventListener = function (this: EventTarget | undefined, type, listener, options) {
  const target = this ?? globalThis
  const listeners = listenersOf(target, type)
  // Signals and sockets of one use go with what they belong to.
  if (isPage(target) && !listeners.has(listener)) hold(`listener ${type}`)
  listeners.add(listener)
  add.call(target, type, listener, options)
}
EventTarget.prototype.removeEventListener = function (this: EventTarget | undefined, type, listener, options) {
  const target = this ?? globalThis
  if (listenersOf(target, type).delete(listener) && isPage(target)) letGo(`listener ${type}`)
  remove.call(target, type, listener, options)
}

/** Targets that live as long as the page does. */
function isPage(target: unknown): boolean {
  return target === globalThis || target === document || target === navigator
}

const { setTimeout: start, clearTimeout: stop, setInterval: startAll, clearInterval: stopAll } = globalThis
const timers = new Set<unknown>()
const end = (timer: unknown): void => {
  if (timers.delete(timer)) letGo('timer')
}
Object.assign(globalThis, {
  setTimeout(act: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) {
    const timer: unknown = start(() => {
      end(timer)
      act(...args)
    }, ms)
    timers.add(timer)
    hold('timer')
    return timer
  },
  setInterval(act: () => void, ms?: number) {
    const timer: unknown = startAll(act, ms)
    timers.add(timer)
    hold('timer')
    return timer
  },
  clearTimeout(timer?: number) {
    end(timer)
    stop(timer)
  },
  clearInterval(timer?: number) {
    end(timer)
    stopAll(timer)
  },
})

const { request } = LockManager.prototype
LockManager.prototype.request = async function (this: LockManager, ...args: unknown[]) {
  hold('lock')
  try {
    return (await Reflect.apply(request, this, args)) as unknown
  } finally {
    letGo('lock')
  }
}

globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name: string) {
    super(name)
    hold('channel')
  }
  override close(): void {
    letGo('channel')
    super.close()
  }
}
