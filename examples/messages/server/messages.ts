// Messages and conversations in the database. Tells nobody: who stores a message pushes it.

import type { DatabaseSync } from 'node:sqlite'

/** A message, as pages get it. */
export interface Message {
  readonly id: number
  /** User ids. */
  readonly from: string
  readonly to: string
  readonly text: string
  /** Unix time in milliseconds. */
  readonly at: number
}

/** What two people said to each other, as a list shows it. */
export interface Conversation {
  readonly with: { readonly id: string; readonly name: string }
  readonly last: Message
  /** Messages of the other that were not read. */
  readonly unread: number
}

interface Row {
  readonly id: number
  readonly sender: number
  readonly receiver: number
  readonly text: string
  readonly at: number
}

const NEWEST = 100

/** The messages of a database. */
export class Messages {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Stores a message: it is on disk when this returns. */
  add(from: string, to: string, text: string): Message {
    const at = Date.now()
    const add = this.#database.prepare('INSERT INTO messages (sender, receiver, text, at) VALUES (?, ?, ?, ?)')
    return { id: Number(add.run(from, to, text, at).lastInsertRowid), from, to, text, at }
  }

  /** The newest that two people said to each other, oldest first. */
  between(one: string, other: string): Message[] {
    const rows = this.#database
      .prepare(
        `SELECT * FROM messages WHERE (sender = ?1 AND receiver = ?2) OR (sender = ?2 AND receiver = ?1)
         ORDER BY id DESC LIMIT ${NEWEST}`,
      )
      .all(one, other)
    return (rows as unknown as Row[]).map(messageOf).toReversed()
  }

  /** What `id` has talked about with whom, the latest first. */
  conversations(id: string): Conversation[] {
    const rows = this.#database
      .prepare(
        `SELECT m.*, u.id AS other, u.name,
           (SELECT COUNT(*) FROM messages WHERE receiver = ?1 AND sender = u.id AND read = 0) AS unread
         FROM messages m JOIN users u ON u.id = CASE m.sender WHEN ?1 THEN m.receiver ELSE m.sender END
         WHERE m.id IN (SELECT MAX(id) FROM messages WHERE sender = ?1 OR receiver = ?1
           GROUP BY CASE sender WHEN ?1 THEN receiver ELSE sender END)
         ORDER BY m.id DESC`,
      )
      .all(Number(id))
    return (rows as unknown as (Row & { other: number; name: string; unread: number })[]).map((row) => ({
      with: { id: String(row.other), name: row.name },
      last: messageOf(row),
      unread: row.unread,
    }))
  }

  unread(id: string): number {
    return Number(
      this.#database.prepare('SELECT COUNT(*) AS count FROM messages WHERE receiver = ? AND read = 0').get(id)?.[
        'count'
      ],
    )
  }

  /** Marks what `from` wrote to `id` as read; answers how many were not. */
  markRead(id: string, from: string): number {
    const { changes } = this.#database
      .prepare('UPDATE messages SET read = 1 WHERE receiver = ? AND sender = ? AND read = 0')
      .run(id, from)
    return Number(changes)
  }
}

function messageOf({ id, sender, receiver, text, at }: Row): Message {
  return { id, from: String(sender), to: String(receiver), text, at }
}
