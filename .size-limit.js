// What a page pays for Staywire, minified and gzipped. Built as the modules they are: in another format a dynamic import
// would drag in code that no bundler of apps writes.

const esm = (config) => ({ ...config, format: 'esm' })

export default [
  {
    name: 'staywire/client (without what is loaded when wanted: sharing, inspection, streams, polls, keeping the outbox on disk)',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./io/share.js', './inspector.js', './keep-outbox.js', './http-link.js'],
    // The goal is 9 KB. Fallback and causes cost 2, holding publishes back until what keeps them is loaded costs the rest.
    limit: '12.3 KB',
  },
  {
    name: 'staywire/client with sharing, loaded when wanted',
    path: 'packages/staywire/dist/client/index.js',
    ignore: ['./inspector.js', './keep-outbox.js', './http-link.js'],
    // The goal is 13 KB.
    limit: '15.2 KB',
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
