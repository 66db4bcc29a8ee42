// The subject of a JSON Web Token (RFC 7519 §4.1.2), read and not verified: good for telling one's own users apart, for
// nothing else.

/** The `sub` of a token; nothing where the token is none, or says none. */
export function subjectOf(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown }
    return typeof sub === 'string' && sub ? sub : undefined
  } catch {
    return undefined
  }
}
