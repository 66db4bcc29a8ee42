// What a page pays for Staywire, minified and gzipped. Built as the modules they are: in another format a dynamic import
// would drag in code that no bundler of apps writes.

const esm = (config) => ({ ...config, format: 'esm' })

export default [
  {
    name: 'staywire/client (without what is loaded when wanted: the connection, or the way to a shared one)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './io/share.js', './inspector.js', './keep-outbox.js'],
    limit: '9 KB',
  },
  {
    name: 'staywire/client with sharing (the connection itself is in the worker)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/alone.js', './leader-tab.js', './inspector.js', './keep-outbox.js'],
    limit: '13 KB',
  },
  {
    name: 'staywire/client with a connection of its own, by WebSocket',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/share.js', './inspector.js', './keep-outbox.js', './http-link.js'],
    limit: '13.3 KB',
  },
  {
    name: 'staywire/client: streams and polls, loaded where no WebSocket gets through',
    path: 'packages/staywire/dist/client/io/http-link.js',
    limit: '2.4 KB',
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
