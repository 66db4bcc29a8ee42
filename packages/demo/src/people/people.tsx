// Who is in the open room, oneself first; one can wave at the others.

import { usePresence } from 'staywire/react'
import { useNotices } from '../notices/notice-provider.tsx'
import { roomChannel, type RoomName } from '../rooms/channels.ts'
import { useWords } from '../words/use-words.ts'
import { Avatar } from './avatar.tsx'
import { wave } from './wave.ts'

export function People({ room, user }: { room: RoomName; user: string }) {
  const { words } = useWords()
  const { members, count } = usePresence(roomChannel(room), 'members', 'People')
  const others = members
    .map((member) => member.user)
    .filter((name) => name !== user)
    .sort((a, b) => a.localeCompare(b))
  const here = members.some((member) => member.user === user)
  const more = count - members.length
  return (
    <section className="people panel" aria-label={words.panes.people}>
      <h2 aria-live="polite">{words.people.title(count)}</h2>
      <ul>
        {here && (
          <li>
            <Avatar name={user} />
            <span className="person">{user}</span> <span className="soft">{words.people.you}</span>
          </li>
        )}
        {others.map((name) => (
          <Other key={name} name={name} user={user} />
        ))}
      </ul>
      {more > 0 && <p className="soft">{words.people.more(more)}</p>}
    </section>
  )
}

function Other({ name, user }: { name: string; user: string }) {
  const { words } = useWords()
  const notify = useNotices()
  const onWave = () =>
    void wave(user, name).then((done) => notify(done ? words.people.waved(name) : words.people.cannotWave))
  return (
    <li>
      <Avatar name={name} />
      <span className="person">{name}</span>
      <button className="quiet" onClick={onWave} aria-label={words.people.waveTo(name)}>
        {words.people.wave}
      </button>
    </li>
  )
}
