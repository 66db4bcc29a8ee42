// The `staywire` command: runs the command line it was started with. The bin imports this; nobody else does.

import { run } from './cli/program.ts'

process.exitCode = await run(process.argv.slice(2))
