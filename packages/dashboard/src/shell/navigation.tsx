// The sections, as links; those that want to be looked at carry a number.
import { useWords } from '../words/use-words.ts'
import { addressOf, SECTIONS, type Section } from './sections.ts'

export function Navigation({ here, badges }: { here: Section; badges: Partial<Record<Section, number>> }) {
  const { words } = useWords()
  return (
    <nav className="sections" aria-label={words.title}>
      {SECTIONS.map((section) => (
        <a key={section} href={addressOf(section)} aria-current={section === here ? 'page' : undefined}>
          {words.sections[section]}
          {(badges[section] ?? 0) > 0 && <span className="badge">{badges[section]}</span>}
        </a>
      ))}
    </nav>
  )
}
