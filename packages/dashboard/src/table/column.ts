// What a table is made of, and how its rows are sought and sorted.
import type { ReactNode } from 'react'

/** One column. */
export interface Column<Row> {
  readonly key: string
  readonly title: string
  /** What it is sorted and searched by; numbers are sorted as numbers. */
  readonly value: (row: Row) => string | number
  /** What is shown. Default: the value. */
  readonly show?: (row: Row) => ReactNode
  /** A share of the width. Default 1. */
  readonly share?: number
}

/** By which column, and which way. */
export interface Sort {
  readonly key: string
  readonly down: boolean
}

/** The rows in which `sought` (lower case) is found, in order. */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { key, down }: Sort,
  sought: string,
): readonly Row[] {
  const found = sought === '' ? rows : rows.filter((row) => columns.some(({ value }) => holds(value(row), sought)))
  const by = columns.find((column) => column.key === key)
  if (by === undefined) return found
  const sign = down ? -1 : 1
  return found.toSorted((a, b) => sign * compare(by.value(a), by.value(b)))
}

function holds(value: string | number, sought: string): boolean {
  return String(value).toLowerCase().includes(sought)
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}
