// The picture behind the sign-in form: a mast and its stays, with a light running along each wire. Decoration only.

const stays = [
  'M500 60 70 940',
  'M500 60 270 940',
  'M500 60 730 940',
  'M500 60 930 940',
  'M500 380 150 940',
  'M500 380 850 940',
]

export function Rigging() {
  return (
    <svg className="rigging" viewBox="0 0 1000 960" preserveAspectRatio="xMidYMax meet" aria-hidden="true">
      <path className="rigging-mast" d="M500 20v920" />
      {stays.map((path) => (
        <g key={path}>
          <path className="rigging-stay" d={path} />
          <path className="rigging-light" d={path} pathLength="100" />
        </g>
      ))}
      <path className="rigging-deck" d="M20 940h960" />
    </svg>
  )
}
