// Replays every transcript of PROTOCOL.md against a real server over real WebSockets, frame by frame.

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHost, type Host } from './harness/host.ts'
import { replay } from './harness/replay.ts'
import { readTranscripts, type Transcript } from './harness/transcript.ts'

const transcripts = readTranscripts(readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8'))

let host: Host
beforeEach(async () => {
  host = await startHost({ heartbeat: {} })
})
afterEach(() => host.close())

describe('the transcripts of PROTOCOL.md', () => {
  it('are found, all of them', () => {
    expect(transcripts.length).toBeGreaterThanOrEqual(6)
    expect(transcripts.every(({ steps }) => steps.length >= 4)).toBe(true)
  })

  it.each(transcripts)('happen as written: $title', async (transcript) => {
    await replay(transcript, host)
  })

  it('fail when the server says something else', async () => {
    const [first] = transcripts as [Transcript]
    const changed = first.steps.map(({ line }) => line.replace('"user":"ada"', '"user":"eve"')).join('\n')
    await expect(
      replay(readTranscripts(`### x\n\`\`\`transcript\n${changed}\n\`\`\``)[0] as Transcript, host),
    ).rejects.toThrow('frame.user is "ada"')
  })
})
