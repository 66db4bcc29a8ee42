// `npm run build`: builds every package, after installing what is missing. Builds even when nothing seems to have changed.
import { build, install } from './setup.js'

await install()
await build()
