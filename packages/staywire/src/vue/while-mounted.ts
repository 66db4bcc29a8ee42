// Ties something that must be undone to the life of a component or effect scope.

import { getCurrentInstance, getCurrentScope, onMounted, onScopeDispose } from 'vue'

/** Runs `start` when the component has mounted (outside of a component: now) and its undo when the scope ends. Never on a server. */
export function whileMounted(start: () => () => void): void {
  let undo: (() => void) | undefined
  const run = (): void => {
    undo = start()
  }
  if (getCurrentInstance() === null) run()
  else onMounted(run)
  if (getCurrentScope() !== undefined) onScopeDispose(() => undo?.())
}
