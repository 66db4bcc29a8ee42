// What a page pays for Staywire, minified and gzipped. Built as the modules they are: in another format a dynamic import
// would drag in code that no bundler of apps writes. Whatever is `ignore`d is loaded apart, by a dynamic import.

const esm = (config) => ({ ...config, format: 'esm' })

export default [
  {
    name: 'staywire/client, what every page has: the API, subscriptions, outbox, identity (neither a connection nor the way to a shared one)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './io/share.js', './inspector.js', './keep-outbox.js'],
    limit: '7 KB',
  },
  {
    name: 'staywire/client with sharing, all that a page has once it is connected (its connection is in the worker)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './leader-tab.js', './inspector.js', './keep-outbox.js'],
    limit: '10.8 KB',
  },
  {
    name: 'staywire/client with a WebSocket of its own: all that it takes to connect, subscribe, publish and come back',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/share.js', './spare.js', './inspector.js', './keep-outbox.js', './http-link.js'],
    limit: '10.7 KB',
  },
  {
    name: 'staywire/client: why a connection ended and what follows, other transports, tokens that run out; loaded a second later',
    path: 'packages/staywire/dist/client/io/spare.js',
    limit: '3.9 KB',
  },
  {
    name: 'staywire/client: streams and polls, loaded where no WebSocket gets through',
    path: 'packages/staywire/dist/client/io/http-link.js',
    limit: '2.4 KB',
  },
  {
    name: 'staywire/worker, the script of the shared worker: loaded once for all pages of a browser',
    path: 'packages/staywire/dist/worker.js',
    limit: '13.4 KB',
  },
  {
    name: 'staywire/react (without the client and react)',
    path: 'packages/staywire/dist/react/index.js',
    ignore: ['react', '../client/index.js'],
    limit: '1.5 KB',
  },
  {
    name: 'staywire/vue (without the client and vue)',
    path: 'packages/staywire/dist/vue/index.js',
    ignore: ['vue', '../client/index.js'],
    limit: '1.5 KB',
  },
].map((entry) => ({ ...entry, gzip: true, modifyEsbuildConfig: esm }))
