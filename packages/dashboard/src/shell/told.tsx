// What every section shows before, instead of or beside its answer: that it asks, that nobody answers, that there is nothing.
import type { ReactNode } from 'react'
import type { Answer } from '../feed/use-answer.ts'
import { useWords } from '../words/use-words.ts'

/** Shows the answer once there is one; fades it while the newest question is unanswered. */
export function Told<Data>({ answer, children }: { answer: Answer<Data>; children: (data: Data) => ReactNode }) {
  const { words } = useWords()
  const { data, problem } = answer
  return (
    <>
      {problem === 'unreachable' && (
        <p className="notice bad" role="alert">
          {words.unreachable}
        </p>
      )}
      {data !== undefined ? (
        <div className={problem === undefined ? undefined : 'stale'}>{children(data)}</div>
      ) : (
        problem === undefined && <p className="notice">{words.loading}</p>
      )}
    </>
  )
}
