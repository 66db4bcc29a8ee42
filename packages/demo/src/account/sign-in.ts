// The rules for a name, and the request that turns one into a token.

/** Longest name, in characters as people count them. */
export const NAME_MAX = 32

/** Why a name cannot be used, as a key of the dictionary; `refused` and `unreachable` come from the server. */
export type NameProblem = 'empty' | 'tooLong' | 'refused' | 'unreachable'

/** What is wrong with a name before the server is asked. */
export function nameProblem(name: string): 'empty' | 'tooLong' | undefined {
  if (name.trim() === '') return 'empty'
  return [...name.trim()].length > NAME_MAX ? 'tooLong' : undefined
}

/** Thrown when the server answered, and said no. */
export class Refused extends Error {}

/** `POST /demo/sign-in`: the user id and a token for a name. Rejects with `Refused`, or with the network's error. */
export async function requestToken(name: string): Promise<{ user: string; token: string }> {
  const response = await fetch('/demo/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  if (response.status >= 500) throw new Error(`The server answered ${response.status}.`)
  if (!response.ok) throw new Refused(`The server answered ${response.status}.`)
  const { user, token }: { user: string; token: string } = await response.json()
  return { user, token }
}
