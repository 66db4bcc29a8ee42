// The rooms to choose from, with how much is unread in each.

import { useEffect } from 'react'
import { useWords } from '../words/use-words.ts'
import { ROOMS, type RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'
import { badge } from './unread.ts'

export function RoomList({ active }: { active: RoomName }) {
  const { words } = useWords()
  const { unread } = useRooms()
  const total = ROOMS.reduce((sum, room) => sum + unread[room], 0)
  useEffect(() => {
    document.title = total > 0 ? `(${badge(total)}) Staywire` : 'Staywire'
  }, [total])
  return (
    <nav className="rooms" aria-label={words.rooms.label}>
      <h2>{words.rooms.label}</h2>
      <ul>
        {ROOMS.map((room) => (
          <li key={room}>
            <a href={`#${room}`} aria-current={room === active ? 'page' : undefined}>
              <span className="room-name">
                <span aria-hidden="true"># </span>
                {words.rooms.name[room]}
              </span>
              {unread[room] > 0 && (
                <span className="badge" aria-label={words.rooms.unread(badge(unread[room]))}>
                  {badge(unread[room])}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
