// What findings say in English. The other language has the same keys.

import type { FindingWords } from './words.ts'

export const EN: Readonly<Record<string, FindingWords>> = {
  'duplicate-instance.double-mount': {
    title: 'Double mount: {connections} clients of one component in one page load',
    cause:
      'A component makes a client each time it is mounted and does not close it: React StrictMode mounts twice, and so does a page that renders the component in two places.',
    cure: 'Make the client once, outside of components or in a provider, or close it in the clean-up of the effect that makes it.',
  },
  'duplicate-instance.several-components': {
    title: '{connections} clients in one page load, each of another component',
    cause: 'Every component opens a connection of its own.',
    cure: 'Make one client for the page and give it to the components; each subscribes to what it needs.',
  },
  'duplicate-instance.hot-reload': {
    title: 'Hot reload or remount: {connections} clients of one component in one page load',
    cause:
      'The module was replaced, or the component was mounted again, and the client that it had made before was never closed.',
    cure: 'Close the client when the component is unmounted and, in development, in `import.meta.hot.dispose`; or keep one client in a module that is not replaced.',
  },
  'duplicate-instance.route-change': {
    title: 'Route change: {connections} clients in one page load',
    cause: 'A view made a client, another view made the next, and the first one was not closed when its view was left.',
    cure: 'Make the client above the router, or close it in the clean-up of the view (onUnmounted, the function that an effect returns).',
  },
  'stale-page': {
    title: 'Reload: a page load that is gone still has {connections} connection(s)',
    cause:
      'The tab was reloaded or went to another page, and the connection of the page before was not ended: it waits for the heartbeat.',
    cure: 'Connect with a fence and a slot, as the client of this library does: the new page then ends the old connection at once. For clients of your own, close on `pagehide`.',
  },
  'tabs-not-shared': {
    title: '{tabs} tabs of one browser, each with a connection of its own',
    cause:
      "Sharing is off (`share: 'tab'`), or does not work there: no secure context, a worker that cannot be loaded, a browser without SharedWorker and Web Locks.",
    cure: "Use `share: 'browser'`, serve the page over HTTPS, and look at `client.stats().sharing.why` in one of the tabs.",
  },
  'tabs-not-shared.adopted': {
    title: '{tabs} tabs of one browser, each with a connection of its own',
    cause: 'Clients of Socket.IO and of plain WebSockets cannot share a connection: every tab opens one.',
    cure: 'Nothing is broken. With the client of this library all tabs of a browser share one connection: see docs/migration.',
  },
  'reconnect-overlap': {
    title: 'Reconnect overlap: one client with {connections} connections',
    cause:
      'The client reconnected while its old connection still stood, and did not end it: a timer that reconnects beside a close that comes late.',
    cure: 'Abandon the old connection before dialling again, and connect with a fence so that the server ends what is older.',
  },
  'two-owners': {
    title: '{owners} connections of one browser say they are the shared one',
    cause:
      'Two copies of the client lead at once: two versions or two bundles of it in one page, or one that does not bring a fence.',
    cure: 'Load the same version everywhere, from the same origin; reload the tabs of that browser.',
  },
  'browser-over-one': {
    title: '{connections} connections of one browser',
    cause: 'The clients do not say which tab and page they belong to, so nothing more is known.',
    cure: 'Send `origin` with tab, page, instance and label in `connect`; the next finding then names the component.',
  },
  'user-over-limit': {
    title: 'A user with {connections} connections, from {browsers} browser(s)',
    cause:
      'More than {most} at once are seldom devices: a script with many clients, a token that is shared, or a page that leaks.',
    cure: 'Look at where they come from; set `limits.connectionsPerUser` if that many must not be.',
  },
  'never-authenticated': {
    title: '{times} handshakes of one address failed in a minute',
    cause:
      'A client keeps trying with no token, a bad or an expired one, or opens sockets and says nothing (last: {detail}).',
    cure: 'Let `getToken` fetch a fresh token, and stop the client when the user is signed out. If it is nobody of yours, block the address.',
  },
  'never-subscribed': {
    title: '{connections} connections that never subscribed to anything',
    cause:
      'They were opened for a minute or more and are not used: a client made at import, or one whose component is gone.',
    cure: 'Connect when the first subscription is made, and set `limits.idleTimeoutMs` to send away who has none.',
  },
  'growing-subscriptions': {
    title: '{subscriptions} subscriptions of one connection, and ever more',
    cause: 'A component subscribes each time it is rendered or gets new data, and never unsubscribes.',
    cure: 'Call `unsubscribe()` in the clean-up, and check the dependencies of the effect that subscribes.',
  },
  'listener-growth': {
    title: '{listeners} listeners on the server, and ever more',
    cause: 'The application calls `server.on(…)` again and again, for each request or each connection.',
    cure: 'Listen once at the start, or call the function that `server.on` returns when it is over.',
  },
  'reconnect-loop': {
    title: 'Reconnect loop: {times} connects in a minute',
    cause: 'Closed with {code} each time: {cause}',
    cure: 'Mend what the code says. A client of your own must wait longer after each failure, and stop for codes of class auth and final.',
  },
  'ghost-in-store': {
    title: '{ghosts} places are held for connections that are not there',
    cause: 'A session or a seat was not given back when its connection ended.',
    cure: 'It is a mistake of the server: please report it, with the closed connections of that time.',
  },
  'descriptors-over-registry': {
    title: '{extra} open sockets that belong to no connection',
    cause:
      'A connection was closed and its socket stayed: a peer that does not answer the close, or something in front that holds it.',
    cure: 'Look at what stands in front of the server. If they do not go within a minute, please report it.',
  },
  unidentified: {
    title: '{connections} clients of {users} user(s) from one address that do not say who they are',
    cause: 'They send no `origin`: clients of your own, scripts, or backends.',
    cure: 'Send `origin.browser` (one per browser profile) and a `label`, so that what belongs together can be told.',
  },
}
