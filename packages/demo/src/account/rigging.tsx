// The picture behind the sign-in form: a mast and its stays, with a light running along each wire. Decoration only.

const stays = [
  'M500 60 80 620',
  'M500 60 260 620',
  'M500 60 740 620',
  'M500 60 920 620',
  'M500 250 160 620',
  'M500 250 840 620',
]

export function Rigging() {
  return (
    <svg className="rigging" viewBox="0 0 1000 640" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path className="rigging-mast" d="M500 24v596" />
      {stays.map((path) => (
        <g key={path}>
          <path className="rigging-stay" d={path} />
          <path className="rigging-light" d={path} pathLength="100" />
        </g>
      ))}
      <path className="rigging-deck" d="M20 620h960" />
    </svg>
  )
}
