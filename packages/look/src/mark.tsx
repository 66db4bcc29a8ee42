// The mark of the project: a mast, two stays, a light on the wire.

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path className="mark-mast" d="M16 4v22M4 26.500h24" />
      <path className="mark-stays" d="M16 5.500 5 26M16 5.500 27 26" />
      <circle className="mark-light" cx="21.700" cy="16" r="2.600" />
    </svg>
  )
}
