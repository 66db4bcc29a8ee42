// The name of the component that is being rendered, for `inspect()`. In development only: minified names say nothing.

import * as React from 'react'

/** A function of the stack whose name begins as only components' do, in the formats of V8 and of the two others. */
const COMPONENT = /\n\s*(?:at )?([A-Z][\w$]*)(?: \(|@)/

/** Call it while rendering, within a hook. Nothing where React is not its development build, 19.1 or newer. */
export function componentName(): string | undefined {
  if (React.captureOwnerStack === undefined) return undefined
  return COMPONENT.exec(`\n${new Error().stack}`)?.[1]
}
