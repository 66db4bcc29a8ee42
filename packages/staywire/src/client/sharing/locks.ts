// Locks between the pages of one browser, as the machines see them. Shapes only.

/** How a lock is asked for: in turn, together with others who share it, or at once, taking it from whoever has it. */
export type LockMode = 'wait' | 'share' | 'steal'

/** Whoever asked for a lock. */
export interface LockHolder {
  granted(): void
  /** It was taken away; with a `problem`, it could not even be asked for. Nothing more is told. */
  lost(problem?: string): void
}

/** The locks of a browser. A page that dies, however that comes, holds none. */
export interface Locks {
  /** Asks for a lock. The answer lets go of it or, where it has not been granted, of the wish; then nothing is told any more. */
  request(name: string, mode: LockMode, holder: LockHolder): () => void
}
