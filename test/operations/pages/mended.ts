// Whether the page does what it should. The tests change this file under the running pages, as a developer would mend them.

/** Closes what it opens. */
export const MENDED = false
