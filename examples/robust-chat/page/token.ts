// The token of this browser's guest: kept until it runs out or is refused, then replaced by another.

const STORED = 'robust-chat.token'

/** The token; another one when the last was `refused`. Throws when the server cannot be asked: the client tries again. */
export async function freshToken(refused: boolean): Promise<string> {
  const kept = localStorage.getItem(STORED)
  if (kept !== null && !refused) return kept
  const answer = await fetch('/guest', { method: 'POST' })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`)
  const { token } = (await answer.json()) as { token: string }
  localStorage.setItem(STORED, token)
  return token
}
