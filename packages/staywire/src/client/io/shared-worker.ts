// A SharedWorker (https://html.spec.whatwg.org/multipage/workers.html#shared-workers) as the place of an owner. Its lock says that
// this tab lives, for a message port does not say when its other end is gone.

import type { ClientOptions, SharedWorkerLike } from '../api.ts'
import type { Locks } from '../sharing/locks.ts'
import type { Placement, Way, WayListener } from '../sharing/placement.ts'

/** All versions have the same name: only one owner is in a browser at a time, and it says which version it speaks. */
const WORKER_NAME = 'staywire'

/** The worker that the app names, or the one that the server of `url` (a WebSocket URL) serves: a browser only takes it if both are of the page's origin. */
export function workerOf(given: Exclude<ClientOptions['worker'], false>, url: string): () => SharedWorkerLike {
  if (typeof given === 'function') return given
  return () => {
    const { protocol, host, pathname } = new URL(url)
    const served = `${protocol.replace('ws', 'http')}//${host}${pathname.replace(/\/$/, '')}/worker.js`
    return new SharedWorker(typeof given === 'object' ? given.href : (given ?? served), WORKER_NAME)
  }
}

/** The worker as a place. `instance`: a name of this client that no other ever had. */
export function sharedWorker(make: () => SharedWorkerLike, instance: string, locks: Locks): Placement {
  let ways = 0
  return {
    name: 'shared-worker',
    open: (listener) => new WorkerWay(make, `staywire:${instance}:${++ways}`, locks, listener),
  }
}

/** A port to the worker. */
class WorkerWay implements Way {
  readonly #listener: WayListener
  readonly #release: () => void
  #worker: SharedWorkerLike | undefined
  #closed = false

  constructor(make: () => SharedWorkerLike, lock: string, locks: Locks, listener: WayListener) {
    this.#listener = listener
    this.#release = locks.request(lock, 'wait', {
      granted: () => this.#begin(make, lock),
      lost: (problem) => this.#end(problem ?? 'the lock of this tab was taken away'),
    })
  }

  post(message: unknown): void {
    this.#worker?.port.postMessage(message)
  }

  close(): void {
    this.#closed = true
    this.#release()
    if (!this.#worker) return
    this.#worker.onerror = this.#worker.port.onmessage = null
    this.#worker.port.close()
  }

  #begin(make: () => SharedWorkerLike, lock: string): void {
    try {
      const worker = make()
      this.#worker = worker
      // Says nothing more than that: not even whether the script was found.
      worker.onerror = () => this.#end('its script could not be loaded')
      worker.port.onmessage = ({ data }: { data: unknown }) => {
        worker.onerror = null
        this.#listener.received(data)
      }
      this.#listener.opened(lock)
    } catch (error) {
      this.#end((error as Error).message)
    }
  }

  #end(why: string): void {
    if (!this.#closed) this.#listener.ended(why)
  }
}
