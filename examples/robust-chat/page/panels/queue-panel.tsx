// What was said and is not stored yet. It drains when the server answers again.

import type { Queued } from '../use-chat.ts'

export function QueuePanel({ queue }: { queue: readonly Queued[] }) {
  return (
    <section className="panel queue" data-count={queue.length}>
      <h2>
        Queue <span className="badge">{queue.length}</span>
      </h2>
      {queue.length === 0 ? (
        <p className="soft">Everything is stored.</p>
      ) : (
        <ol>
          {queue.map(({ key, text, refused }) => (
            <li key={key} className={refused === undefined ? 'soft' : 'problem'}>
              {text} {refused ?? '…'}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
