// Figures for people. Formatters are kept: to make one takes longer than to draw the row that wants it.

const NUMBERS = new Map<string, Intl.NumberFormat>()
const TIMES = new Map<string, Intl.DateTimeFormat>()

function numberFormat(locale: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${maximumFractionDigits}`
  const known = NUMBERS.get(key) ?? new Intl.NumberFormat(locale, { maximumFractionDigits })
  NUMBERS.set(key, known)
  return known
}

function timeFormat(locale: string, part: 'date' | 'time'): Intl.DateTimeFormat {
  const key = `${locale} ${part}`
  const known = TIMES.get(key) ?? new Intl.DateTimeFormat(locale, part === 'time' ? { timeStyle: 'medium' } : {})
  TIMES.set(key, known)
  return known
}

/** A size: `1.4 MiB`. */
export function bytes(count: number, locale: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  return `${numberFormat(locale, power === 0 ? 0 : 1).format(count / 1024 ** power)} ${units[power]}`
}

/** A time of day, with the date when it was another day. */
export function moment(at: number, locale: string, now = Date.now()): string {
  const date = new Date(at)
  const time = timeFormat(locale, 'time').format(date)
  return date.toDateString() === new Date(now).toDateString()
    ? time
    : `${timeFormat(locale, 'date').format(date)} ${time}`
}
