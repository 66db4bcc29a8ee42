// Figures for people.

/** A size: `1.4 MiB`. */
export function bytes(count: number, locale: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  return `${(count / 1024 ** power).toLocaleString(locale, { maximumFractionDigits: power === 0 ? 0 : 1 })} ${units[power]}`
}

/** A time of day, with the date when it was another day. */
export function moment(at: number, locale: string, now = Date.now()): string {
  const date = new Date(at)
  const time = date.toLocaleTimeString(locale)
  return date.toDateString() === new Date(now).toDateString() ? time : `${date.toLocaleDateString(locale)} ${time}`
}
