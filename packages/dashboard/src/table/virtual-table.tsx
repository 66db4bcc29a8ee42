// A table of any length: sorted, searched, and drawn only where it can be seen. On a phone each row is a card.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'

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

/** What a table is made of. */
export interface VirtualTableProps<Row> {
  readonly name: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly idOf: (row: Row) => string
  readonly empty: string
  /** The row that is looked at, and what looking at one does. */
  readonly selected?: string | undefined
  readonly select?: (id: string | undefined) => void
  readonly sortedBy?: { readonly key: string; readonly down: boolean }
}

const ROW_PX = 44
const OVERSCAN = 8

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { name, rows, columns, idOf, empty, selected, select, sortedBy } = props
  const { words, locale } = useWords()
  const [sort, setSort] = useState(sortedBy ?? { key: columns[0]?.key ?? '', down: false })
  const [search, setSearch] = useState('')
  const sought = useDeferredValue(search.trim().toLowerCase())
  const shown = useMemo(() => arrange(rows, columns, sort, sought), [rows, columns, sort, sought])
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => idOf(shown[index]!),
  })
  const template = columns.map(({ share = 1 }) => `minmax(0, ${share}fr)`).join(' ')
  return (
    <section className="card">
      <div className="table-head">
        <h2>
          {name} <span className="soft">{count(shown.length, rows.length, locale)}</span>
        </h2>
        <input
          type="search"
          value={search}
          placeholder={words.search}
          aria-label={`${words.search}: ${name}`}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <p className="empty">{rows.length === 0 ? empty : words.noMatch}</p>
      ) : (
        <div className="scroller" ref={scroller} role="table" aria-label={name} aria-rowcount={shown.length + 1}>
          <div role="rowgroup" className="columns">
            <div role="row" className="row" style={{ gridTemplateColumns: template }}>
              {columns.map(({ key, title }) => (
                <span
                  key={key}
                  role="columnheader"
                  aria-sort={sort.key === key ? (sort.down ? 'descending' : 'ascending') : undefined}
                >
                  <button
                    type="button"
                    className="sort"
                    onClick={() => setSort((before) => ({ key, down: before.key === key && !before.down }))}
                  >
                    {title}
                    {sort.key === key && <span aria-hidden="true">{sort.down ? ' ↓' : ' ↑'}</span>}
                  </button>
                </span>
              ))}
            </div>
          </div>
          <div role="rowgroup" className="rows" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, key, start }) => {
              const row = shown[index]!
              const id = idOf(row)
              return (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  role="row"
                  data-index={index}
                  data-id={id}
                  aria-rowindex={index + 2}
                  aria-selected={select && id === selected}
                  className={select ? 'row pick' : 'row'}
                  tabIndex={select ? 0 : undefined}
                  style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
                  onClick={() => select?.(id === selected ? undefined : id)}
                  onKeyDown={(event) => {
                    if (event.target !== event.currentTarget) return
                    if (event.key === 'Enter' || event.key === ' ') {
                      event.preventDefault()
                      select?.(id === selected ? undefined : id)
                    } else step(event)
                  }}
                >
                  {columns.map(({ key: column, title, value, show }) => (
                    <span key={column} role="cell" data-label={title}>
                      {show ? show(row) : value(row)}
                    </span>
                  ))}
                </div>
              )
            })}
          </div>
        </div>
      )}
    </section>
  )
}

/** Up and down go from row to row. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const { key, currentTarget } = event
  const next =
    key === 'ArrowDown'
      ? currentTarget.nextElementSibling
      : key === 'ArrowUp'
        ? currentTarget.previousElementSibling
        : null
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  next.focus()
}

function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { key, down }: { key: string; down: boolean },
  sought: string,
): readonly Row[] {
  const by = columns.find((column) => column.key === key)
  const found =
    sought === ''
      ? rows
      : rows.filter((row) => columns.some(({ value }) => String(value(row)).toLowerCase().includes(sought)))
  if (by === undefined) return found
  const sign = down ? -1 : 1
  return found.toSorted((a, b) => sign * compare(by.value(a), by.value(b)))
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a) < String(b)
      ? -1
      : String(a) > String(b)
        ? 1
        : 0
}

function count(shown: number, all: number, locale: string): string {
  return shown === all ? all.toLocaleString(locale) : `${shown.toLocaleString(locale)} / ${all.toLocaleString(locale)}`
}
