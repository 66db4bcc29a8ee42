// Keeps a list scrolled to its bottom while one is there, keeps one's place while older items are put above, and marks
// the room as read while its end is on a visible page.

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'

/** How near the end counts as the end, in pixels. */
const NEAR_PX = 48

/** For a list that is made anew for each room. `length`: how many items there are; the list follows it. */
export function useBottom(
  room: RoomName,
  length: number,
): { list: RefObject<HTMLDivElement | null>; atBottom: boolean; toBottom: () => void } {
  const list = useRef<HTMLDivElement>(null)
  const [atBottom, setAtBottom] = useState(true)
  const [shown, setShown] = useState(true)
  const place = useRef({ bottom: true, height: 0, clientHeight: 0, top: 0, first: '' })
  const toBottom = useCallback(() => {
    const box = list.current
    if (box !== null) box.scrollTop = box.scrollHeight
  }, [])

  useLayoutEffect(() => {
    const box = list.current
    if (box === null) return
    const first = box.querySelector('[data-offset]')?.getAttribute('data-offset') ?? ''
    const before = place.current
    if (before.bottom) toBottom()
    else if (first !== before.first) box.scrollTop = before.top + box.scrollHeight - before.height
    place.current = { ...before, height: box.scrollHeight, top: box.scrollTop, first }
  }, [length, toBottom])

  useEffect(() => {
    const box = list.current
    if (box === null) return
    const look = () => {
      if (box.clientHeight !== place.current.clientHeight) return // resized: the observer comes next, and knows whether to follow
      const bottom = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX
      place.current = { ...place.current, bottom, height: box.scrollHeight, top: box.scrollTop }
      setAtBottom(bottom)
    }
    const resized = new ResizeObserver(() => {
      setShown(box.clientHeight > 0)
      place.current.clientHeight = box.clientHeight
      if (place.current.bottom) toBottom()
      else look()
    })
    for (const part of [box, ...box.children]) resized.observe(part)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [toBottom])

  useMarkRead(room, atBottom && shown)
  return { list, atBottom, toBottom }
}

function useMarkRead(name: RoomName, endIsShown: boolean): void {
  const { of, read } = useRooms()
  const room = of[name]
  useEffect(() => {
    const mark = () => {
      if (endIsShown && document.visibilityState === 'visible') read(name, room)
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [name, room, endIsShown, read])
}
