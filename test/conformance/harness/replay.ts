// Does what a transcript says against a real server, and fails where something else comes back.

import { expect } from 'vitest'
import type { Conversation } from './conversation.ts'
import type { Host } from './host.ts'
import { Peer } from './peer.ts'
import { fill, mismatch, type Bindings, type Step, type Transcript } from './transcript.ts'

/** Opens one side of a conversation that speaks a subprotocol. */
export type Dial = (host: Host, protocol: string) => Promise<Conversation>

const overWebSocket: Dial = (host, protocol) => host.open({ protocols: [protocol] })

/** Replays one; `dial` says over which transport. */
export async function replay({ steps }: Transcript, host: Host, dial: Dial = overWebSocket): Promise<void> {
  const peers = new Map<string, Conversation>()
  const bindings: Bindings = new Map()
  for (const { line, step } of steps) {
    try {
      await take(step, { peers, bindings, host, dial })
    } catch (error) {
      throw new Error(`${line}\n${(error as Error).message}`, { cause: error })
    }
  }
  // What the transcript does not say did not happen.
  for (const peer of peers.values()) expect(peer.inbox).toEqual([])
}

interface Stage {
  readonly peers: Map<string, Conversation>
  readonly bindings: Bindings
  readonly host: Host
  readonly dial: Dial
}

async function take(step: Step, { peers, bindings, host, dial }: Stage): Promise<void> {
  if (step.does === 'publish') return void (await host.server.publish(step.channel, step.data))
  if (step.does === 'open') return void peers.set(step.who, await dial(host, step.protocol))
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
