// Which file of a site a path means. Only plain names get through: no way up, no hidden files, no separators in disguise.

const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/

/**
 * The file's path relative to the folder of the site, for decoded segments of a request below `prefix`; `undefined` for what
 * can be no file of it. The prefix itself, with or without a slash at its end, means `index.html`.
 */
export function sitePath(prefix: readonly string[], segments: readonly string[]): string | undefined {
  if (prefix.some((name, index) => segments[index] !== name)) return undefined
  const rest = segments.slice(prefix.length)
  if (rest.length === 0 || (rest.length === 1 && rest[0] === '')) return 'index.html'
  return rest.every((name) => PLAIN.test(name)) ? rest.join('/') : undefined
}

/** Whether a file's name changes with its content, as those do that the build puts into `assets/`. */
export function isHashed(path: string): boolean {
  return /^assets\/.+-[\w-]{8,}(\.\w+)+$/.test(path)
}
