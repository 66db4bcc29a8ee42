// The names of the columns; each sorts by itself, and the other way when it does already.
import type { Column, Sort } from './column.ts'

export function TableHead<Row>({
  columns,
  template,
  sort,
  setSort,
}: {
  columns: readonly Column<Row>[]
  template: string
  sort: Sort
  setSort: (sort: Sort) => void
}) {
  return (
    <div role="rowgroup" className="columns">
      <div role="row" className="row" style={{ gridTemplateColumns: template }}>
        {columns.map(({ key, title }) => {
          const by = sort.key === key
          return (
            <span key={key} role="columnheader" aria-sort={by ? (sort.down ? 'descending' : 'ascending') : undefined}>
              <button type="button" className="sort" onClick={() => setSort({ key, down: by && !sort.down })}>
                {title}
                {by && <span aria-hidden="true">{sort.down ? ' ↓' : ' ↑'}</span>}
              </button>
            </span>
          )
        })}
      </div>
    </div>
  )
}
