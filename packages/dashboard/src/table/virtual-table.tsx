// A table of any length: sorted, searched, and drawn only where it can be seen. On a phone each row is a card.
import { useDeferredValue, useMemo, useState, useSyncExternalStore } from 'react'
import { List, useDynamicRowHeight } from 'react-window'
import { useWords } from '../words/use-words.ts'
import { arrange, type Column, type Sort } from './column.ts'
import { TableHead } from './table-head.tsx'
import { TableRow } from './table-row.tsx'

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
  readonly sortedBy: Sort
  /** Whether rows become as high as what is in them; otherwise they show one line of it, which is cheaper to scroll. */
  readonly wraps?: boolean
}

const ROW_PX = 44

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { name, rows, columns, idOf, empty, selected, select, sortedBy, wraps = false } = props
  const { words, locale } = useWords()
  const [sort, setSort] = useState(sortedBy)
  const [search, setSearch] = useState('')
  const sought = useDeferredValue(search.trim().toLowerCase())
  const shown = useMemo(() => arrange(rows, columns, sort, sought), [rows, columns, sort, sought])
  const measured = useDynamicRowHeight({ defaultRowHeight: ROW_PX })
  const rowHeight = useIsNarrow() || wraps ? measured : ROW_PX
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
        <div role="table" className="table" aria-label={name} aria-rowcount={shown.length + 1}>
          <TableHead columns={columns} template={template} sort={sort} setSort={setSort} />
          <List
            role="rowgroup"
            className={wraps ? 'scroller' : 'scroller even'}
            rowCount={shown.length}
            rowHeight={rowHeight}
            rowComponent={TableRow<Row>}
            rowProps={{ rows: shown, columns, template, idOf, selected, select }}
          />
        </div>
      )}
    </section>
  )
}

const NARROW = '(max-width: 760px)'

/** Whether rows are cards, as table.css has it. */
function useIsNarrow(): boolean {
  return useSyncExternalStore(onNarrow, () => matchMedia(NARROW).matches)
}

function onNarrow(changed: () => void): () => void {
  const query = matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

function count(shown: number, all: number, locale: string): string {
  return shown === all ? all.toLocaleString(locale) : `${shown.toLocaleString(locale)} / ${all.toLocaleString(locale)}`
}
