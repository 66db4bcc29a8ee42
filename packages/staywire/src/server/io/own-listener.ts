// Which listeners of a host's HTTP server are this library's. Several servers may stand on one host: what none of them wants is
// answered once, by the last of them, and only where nobody else listens.

import type { Server as HttpServer } from 'node:http'

/** By name: another copy of the library may stand on the same host. */
const OWN = Symbol.for('staywire.listener')

/** Marks a listener as ours. `wants`: the path it takes, of those that differ by it. */
export function markOwn<Listener extends (...args: never[]) => void>(listener: Listener, wants = ''): Listener {
  return Object.defineProperty(listener, OWN, { value: wants })
}

/** Whether `listener` is to answer what it does not want itself: it is the last one, all are ours, and none of them wants `path`. */
export function answersForAll(
  http: HttpServer,
  event: 'upgrade' | 'clientError',
  listener: (...args: never[]) => void,
  path?: string,
): boolean {
  const all = http.listeners(event) as unknown as readonly { readonly [OWN]?: string }[]
  return all.at(-1) === listener && all.every((one) => one[OWN] !== undefined && one[OWN] !== path)
}
