// Which user ids the gateway hands out and accepts.

/** What is wrong with a user id, in words, or `undefined`. */
export function userIdProblem(user: string): string | undefined {
  if (user.length === 0 || user.length > 128) return 'must have 1–128 characters'
  if (/[\p{Cc}\p{Surrogate}]/u.test(user)) return 'must not contain control characters'
  return user.startsWith('anon:') ? 'must not begin with "anon:", which names visitors without a token' : undefined
}
