// A module that opens a connection when it is loaded, and is replaced while the page runs. Mended: it closes it before that.

/// <reference types="vite/client" />

import { open } from './connection.ts'
import { MENDED } from './mended.ts'
import { who } from './who.ts'

/** Which edition of this file is running. */
const EDITION = 0

const connection = open(who, 'feed store')
document.documentElement.dataset['edition'] = String(EDITION)

if (import.meta.hot) {
  import.meta.hot.accept()
  if (MENDED) import.meta.hot.dispose(() => connection.close())
}

/** It has begun by itself. */
export function start(): void {}
