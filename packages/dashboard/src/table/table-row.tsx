// One row. Where rows can be picked it takes the keyboard: Enter picks, up and down go on.
import type { KeyboardEvent } from 'react'
import type { RowComponentProps } from 'react-window'
import type { Column } from './column.ts'

/** What all rows of a table have in common. */
export interface RowFacts<Row> {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly idOf: (row: Row) => string
  readonly selected: string | undefined
  readonly select: ((id: string | undefined) => void) | undefined
}

export function TableRow<Row>(props: RowComponentProps<RowFacts<Row>>) {
  const { index, style, rows, columns, template, idOf, selected, select } = props
  const row = rows[index]
  if (row === undefined) return null
  const id = idOf(row)
  const pick = () => select?.(id === selected ? undefined : id)
  return (
    <div
      role="row"
      data-id={id}
      aria-rowindex={index + 2}
      aria-selected={select && id === selected}
      className={select ? 'row pick' : 'row'}
      tabIndex={select ? 0 : undefined}
      style={{ ...style, gridTemplateColumns: template }}
      onClick={pick}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget) onKey(event, pick)
      }}
    >
      {columns.map(({ key, title, value, show }) => (
        <span key={key} role="cell" data-label={title}>
          {show ? show(row) : value(row)}
        </span>
      ))}
    </div>
  )
}

function onKey(event: KeyboardEvent<HTMLElement>, pick: () => void): void {
  const { key, currentTarget } = event
  const next = { ArrowDown: currentTarget.nextElementSibling, ArrowUp: currentTarget.previousElementSibling }[key]
  if (key !== 'Enter' && key !== ' ' && !(next instanceof HTMLElement)) return
  event.preventDefault()
  if (next instanceof HTMLElement) next.focus()
  else pick()
}
