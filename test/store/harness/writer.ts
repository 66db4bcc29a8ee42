// A process of its own that publishes to a store until it is killed: one line on stdout per publication that was acknowledged, and one
// `opened` when the store is open. Arguments: directory, publications in flight, number of channels, [first number].

import { embeddedStore } from 'staywire/server'

const [directory = '', inFlight = '1', channels = '1', first = '1'] = process.argv.slice(2)
const retention = { durability: 'disk', history: { size: 100_000, ttlMs: 86_400_000 } } as const
const store = embeddedStore({ directory })
store.log.listen({ deliver: () => undefined, discontinued: () => undefined })
try {
  await store.open({ durabilityOf: () => 'disk' })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
process.stdout.write('opened\n')

let number = Number(first)
async function publish(): Promise<void> {
  for (;;) {
    const mine = number++
    const channel = `c${mine % Number(channels)}`
    const appended = await store.log.append({ channel, data: String(mine), key: `k${mine}`, retention })
    const position = appended.stored ? appended.position : undefined
    process.stdout.write(
      `${JSON.stringify({ channel, number: mine, ...position, ...(appended.stored ? {} : appended) })}\n`,
    )
  }
}
for (let count = 0; count < Number(inFlight); count++) void publish()
