// Replays every transcript of PROTOCOL.md against a real server over real WebSockets, frame by frame.

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHost, type Host } from './harness/host.ts'
import { Peer } from './harness/peer.ts'
import { fill, mismatch, readTranscripts, type Bindings, type Step, type Transcript } from './harness/transcript.ts'

const transcripts = readTranscripts(readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8'))

let host: Host
beforeEach(async () => {
  host = await startHost()
})
afterEach(() => host.close())

describe('the transcripts of PROTOCOL.md', () => {
  it('are found, all of them', () => {
    expect(transcripts.length).toBeGreaterThanOrEqual(6)
    expect(transcripts.every(({ steps }) => steps.length >= 4)).toBe(true)
  })

  it.each(transcripts)('happen as written: $title', async (transcript) => {
    await replay(transcript)
  })

  it('fail when the server says something else', async () => {
    const [first] = transcripts as [Transcript]
    const changed = first.steps.map(({ line }) => line.replace('"user":"ada"', '"user":"eve"')).join('\n')
    await expect(
      replay(readTranscripts(`### x\n\`\`\`transcript\n${changed}\n\`\`\``)[0] as Transcript),
    ).rejects.toThrow('frame.user is "ada"')
  })
})

async function replay({ steps }: Transcript): Promise<void> {
  const peers = new Map<string, Peer>()
  const bindings: Bindings = new Map()
  for (const { line, step } of steps) {
    try {
      await take(step, peers, bindings)
    } catch (error) {
      throw new Error(`${line}\n${(error as Error).message}`, { cause: error })
    }
  }
  // What the transcript does not say did not happen.
  for (const peer of peers.values()) expect(peer.inbox).toEqual([])
}

async function take(step: Step, peers: Map<string, Peer>, bindings: Bindings): Promise<void> {
  if (step.does === 'publish') return void (await host.server.publish(step.channel, step.data))
  if (step.does === 'open') return void peers.set(step.who, await host.open({ protocols: [step.protocol] }))
  if (step.does === 'open-bare') {
    const headers = { authorization: `Bearer ${step.token}` }
    return void peers.set(step.who, await Peer.open(host.url + step.query, { protocols: [], headers }))
  }
  const peer = peers.get(step.who)
  if (peer === undefined) throw new Error(`${step.who} was not opened.`)
  if (step.does === 'send') peer.send(fill(step.text, bindings))
  else if (step.does === 'drop') peer.drop()
  else if (step.does === 'expect-close') expect((await peer.ended).code).toBe(step.code)
  else {
    const why = mismatch(step.frame, await peer.next(), bindings)
    if (why !== undefined) throw new Error(why)
  }
}
