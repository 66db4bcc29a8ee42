// Every figure of the service, with the variable that changes it. Times in milliseconds.

export const PORT = number('PORT', 8102)
/** How often each connection is checked, how late a heartbeat may be, and how many may be missed: gone after 90 seconds. */
export const CHECK_EVERY_MS = number('CHECK_EVERY_MS', 30_000)
export const MISSED_AFTER_MS = number('MISSED_AFTER_MS', 10_000)
export const OUT_AFTER = number('OUT_AFTER', 3)
/** Socket.IO's own heartbeat, beside it. */
export const PING_INTERVAL_MS = number('PING_INTERVAL_MS', 25_000)
export const PING_TIMEOUT_MS = number('PING_TIMEOUT_MS', 60_000)
export const MAX_MESSAGE_BYTES = number('MAX_MESSAGE_BYTES', 1_000_000)
/** Pages of other origins that may connect, with their cookies. */
export const CORS_ORIGINS = (process.env['CORS_ORIGINS'] ?? 'http://localhost:3000,http://localhost:5173').split(',')

function number(name: string, preset: number): number {
  const given = Number(process.env[name] ?? preset)
  if (Number.isSafeInteger(given) && given >= 0) return given
  throw new Error(`${name} is ${process.env[name]}; it must be a whole number.`)
}
