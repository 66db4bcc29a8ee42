// `node scripts/run.js FILE ...`: sets the checkout up, then runs FILE on the project's Node with the rest as arguments.
import { projectNode, run, setUp } from './setup.js'

await setUp()
process.exitCode = await run(projectNode, process.argv.slice(2))
