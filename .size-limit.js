// What a page pays for Staywire, minified and gzipped. Built as the modules they are: in another format a dynamic import
// would drag in code that no bundler of apps writes. Whatever is `ignore`d is loaded apart, by a dynamic import.

const esm = (config) => ({ ...config, format: 'esm' })

export default [
  {
    name: 'staywire/client/core: all that it takes to connect, subscribe, publish and come back, in a page with a connection of its own',
    path: 'packages/staywire/dist/client/core/index.js',
    ignore: ['./spare.js', './inspector.js', './outfit.js'],
    limit: '9 KB',
  },
  {
    name: 'staywire/client, what every page has: the API, subscriptions, outbox, identity (neither a connection nor the way to a shared one)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './io/share.js', './inspector.js', './outfit.js'],
    limit: '6.5 KB',
  },
  {
    name: 'staywire/client with sharing, all that a page has once it is connected (its connection is in the worker)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './leader-tab.js', './inspector.js', './outfit.js'],
    limit: '11.1 KB',
  },
  {
    name: 'staywire/client: why a connection ended and what follows, what becomes of what it was asked, other transports, tokens that run out; loaded a second later',
    path: 'packages/staywire/dist/client/io/spare.js',
    ignore: ['./http-link.js'],
    limit: '5.3 KB',
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
