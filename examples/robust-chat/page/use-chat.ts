// The messages of a channel, and what this tab has said that is not stored yet.

import { useCallback, useEffect, useReducer } from 'react'
import type { Gap, Outcome, Publication } from 'staywire/client'
import { useChannel, useConnection, usePublish } from 'staywire/react'

const SHOWN = 200

/** What is said. */
export interface Said {
  readonly text: string
}

/** Something said that waits for its answer, or was refused. */
export interface Queued {
  readonly key: string
  readonly text: string
  /** Why it was not stored. */
  readonly refused?: string
}

interface State {
  readonly messages: readonly Publication<Said>[]
  readonly queue: readonly Queued[]
}

type Action =
  | { readonly type: 'messages'; readonly publications: readonly Publication<Said>[]; readonly anew?: boolean }
  | { readonly type: 'queued'; readonly queued: Queued }
  | { readonly type: 'answered'; readonly key: string; readonly refused?: string }

function reduce({ messages, queue }: State, action: Action): State {
  switch (action.type) {
    case 'messages': {
      const before = action.anew === true ? [] : messages
      const byOffset = new Map([...before, ...action.publications].map((each) => [each.offset, each]))
      const sorted = [...byOffset.values()].toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0))
      return { messages: sorted.slice(-SHOWN), queue }
    }
    case 'queued':
      return { messages, queue: [...queue, action.queued] }
    case 'answered': {
      const { key, refused } = action
      if (refused === undefined) return { messages, queue: queue.filter((each) => each.key !== key) }
      return { messages, queue: queue.map((each) => (each.key === key ? { ...each, refused } : each)) }
    }
  }
}

/** A chat. */
export interface UseChat extends State {
  readonly send: (text: string) => void
  readonly gap: Gap | undefined
  readonly outcome: Outcome | undefined
}

/** Subscribes to `channel` and keeps its newest messages. */
export function useChat(channel: string): UseChat {
  const [state, dispatch] = useReducer(reduce, { messages: [], queue: [] })
  const { client } = useConnection()
  const { outcome, gap } = useChannel<Said>(channel, (publication) =>
    dispatch({ type: 'messages', publications: [publication] }),
  )
  useEffect(() => {
    // After `recovered` nothing is missing; `live` and `gap` say that something came before.
    if (client === undefined || outcome === undefined || outcome === 'recovered') return
    client.history<Said>(channel, { limit: SHOWN }).then(
      ({ publications }) => dispatch({ type: 'messages', publications, anew: outcome === 'gap' }),
      () => {}, // the connection has gone again: the next outcome asks anew
    )
  }, [client, channel, outcome, gap])

  const publish = usePublish<Said>(channel)
  const send = useCallback(
    (text: string) => {
      // The key makes it stored once however often it is sent.
      const key = crypto.randomUUID()
      dispatch({ type: 'queued', queued: { key, text } })
      publish({ text }, { key }).then(
        () => dispatch({ type: 'answered', key }),
        (error: Error) => dispatch({ type: 'answered', key, refused: error.message }),
      )
    },
    [publish],
  )
  return { ...state, send, gap, outcome }
}
