// `npm run dev`: the compiler and the demo's page server watching, and the gateway restarting on what they build.
// The page is served by Vite (hot reload) and talks to the gateway through Vite's proxy. Ends all when one ends.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectNode, root, setUp, whenNpmEnds } from './setup.js'

await setUp()
const libraries = ['packages/gateway/tsconfig.src.json']
const worker = join('packages', 'staywire', 'vite.config.ts')
const programs = [
  ['node_modules/typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput', ...libraries],
  [
    'node_modules/vite/bin/vite.js',
    'build',
    '--watch',
    '--logLevel',
    'warn',
    '--config',
    worker,
    join('packages', 'staywire'),
  ],
  [
    '--watch',
    '--watch-preserve-output',
    'packages/gateway/bin/staywire.js',
    'serve',
    '--dev',
    ...process.argv.slice(2),
  ],
  ['node_modules/vite/bin/vite.js', join('packages', 'demo')],
]
const children = programs.map((args) => spawn(projectNode, args, { cwd: root, stdio: 'inherit' }))

const end = () => children.forEach((child) => child.kill('SIGTERM'))
process.on('SIGINT', end)
process.on('SIGTERM', end)
whenNpmEnds(end)
for (const child of children) child.on('exit', end)
