import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LogFile } from './log-file.ts'
import { openLog } from './logger.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staywire-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const lines = (name: string) =>
  readFileSync(join(folder, 'logs', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg)

it('has every line in websocket.log, those of level error in error.log, and goes on where it stopped', async () => {
  for (const run of ['first', 'second']) {
    const { logger, end } = openLog('info', { directory: join(folder, 'logs'), maxBytes: 1e6 })
    logger.info(`${run} connected`)
    logger.error({ token: 'secret' }, `${run} failed`)
    logger.debug('too fine')
    await end()
  }
  expect(lines('websocket.log')).toEqual(['first connected', 'first failed', 'second connected', 'second failed'])
  expect(lines('error.log')).toEqual(['first failed', 'second failed'])
  expect(readFileSync(join(folder, 'logs', 'error.log'), 'utf8')).not.toContain('secret')
})

it('puts a full file aside, so that two of that size are all there ever is', async () => {
  const file = new LogFile(join(folder, 'logs', 'websocket.log'), 4_096)
  for (let count = 0; count < 500; count++) file.write(`{"msg":"line ${count}"}\n`)
  await file.end()
  expect(readdirSync(join(folder, 'logs')).toSorted()).toEqual(['websocket.log', 'websocket.log.1'])
  const kept = [...lines('websocket.log.1'), ...lines('websocket.log')]
  const first = 500 - kept.length
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `line ${first + index}`))
  for (const name of ['websocket.log', 'websocket.log.1'])
    expect(readFileSync(join(folder, 'logs', name)).byteLength).toBeLessThanOrEqual(4_096)
})
