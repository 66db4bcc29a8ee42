// How something is, in the shape that health indicators of `@nestjs/terminus` answer. A shape only: terminus is not needed for it.

/** The answer of a health indicator. */
export interface HealthResult {
  readonly [name: string]: { readonly status: 'up' | 'down'; readonly [detail: string]: unknown }
}
