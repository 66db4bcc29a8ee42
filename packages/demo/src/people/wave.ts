// Waving: a publication to one user, made the way a backend makes it, through the HTTP API of the gateway.

/** What a wave publishes to `@user:<id>`. */
export interface Wave {
  readonly type: 'wave'
  readonly from: string
}

/** Publishes a wave to every device of `to`. `false`: the gateway does not take it from here. */
export async function wave(from: string, to: string): Promise<boolean> {
  const data: Wave = { type: 'wave', from }
  try {
    const response = await fetch(`/api/v1/users/${encodeURIComponent(to)}/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data }),
    })
    return response.ok
  } catch {
    return false
  }
}
